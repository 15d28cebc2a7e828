"""The quarters already sent, by the production code itself: asked, produced, published (C19)."""

from django.core.management.base import CommandError

from clauses_portal.core.jobs import JobState
from facilitators.reference import UNDER_CONVENTION
from reporting.services import statements
from reporting.tasks import produce_statement

COMMENTS = [
    "Le trimestre a été consacré au suivi des chantiers en cours et aux recrutements. Les entreprises répondent "
    "bien aux demandes ; les relevés d’heures arrivent dans les délais, à deux exceptions près.",
    "Les lots de second œuvre ont démarré : plusieurs fiches de poste ont été publiées et les premières personnes "
    "recrutées. Une réunion de rattrapage est demandée aux entreprises en retard.",
]
OUTLOOK = [
    "Relancer les entreprises dont le rythme est insuffisant et préparer deux informations collectives.",
    "Accompagner les fins de contrat vers l’emploi durable et valider les candidatures en attente.",
]


def publish_quarters(world):
    """Publish the statements of the two quarters before the last complete one, for the three territories.

    Raises CommandError with the reason when a document could not be produced.
    """
    for rank, quarter in enumerate(world.calendar.published):
        for code in UNDER_CONVENTION:
            _publish(world, quarter, code, rank)


def _publish(world, quarter, code, rank):
    by = world.facilitators[code]
    statement = statements.open_statement(quarter=quarter, territory=world.territories[code], by=by)
    statements.write_draft(statement=statement, comments=COMMENTS[rank], outlook=OUTLOOK[rank], by=by)
    job = statements.ask(statement=statement, by=by, publish=True)
    produce_statement(job.pk)
    job.refresh_from_db()
    if job.state != JobState.DONE:
        raise CommandError(f"L’état {quarter} de {statement.subject} n’a pas pu être produit : {job.error}")
    world.made["états publiés"] += 1
