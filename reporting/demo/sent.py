"""The quarters already sent, by the production code itself: asked, produced, published (C19)."""

import time

from django.core.management.base import CommandError

from clauses_portal.accounts.models import User
from clauses_portal.core.jobs import JobState
from facilitators.models import Territory
from reporting.demo.accounts import facilitators
from reporting.enums import StatementKind, StatementState
from reporting.services import production, statements
from reporting.services.comments import comment
from reporting.tasks import produce_statement

# Seconds a worker is given to finish a paper it took before us.
PATIENCE = 60
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
OFFICER = "mission@demo.invalid"
REMARK = "Pouvez-vous préciser les suites données aux deux lots en retard avant la publication ?"


def publish_quarters(calendar):
    """Publish what is not yet, of the two quarters before the last complete one and of the three territories.

    Returns the number of papers published. Raises CommandError with the reason when one could not be produced.
    """
    territories = {territory.code: territory for territory in Territory.objects.all()}
    published = 0
    for rank, quarter in enumerate(calendar.published):
        for code, by in facilitators().items():
            statement = statements.open_statement(
                kind=StatementKind.QUARTERLY, period=quarter, territory=territories[code], by=by
            )
            if statement.state != StatementState.PUBLISHED:
                statements.write_draft(statement=statement, comments=COMMENTS[rank], outlook=OUTLOOK[rank], by=by)
                produce_now(statement, by)
                published += 1
    return published


def discuss_draft(calendar):
    """The last quarter in draft in one territory, commented by the chargée de mission, once."""
    quarter, officer = calendar.published[-1].next, User.objects.get(email=OFFICER)
    code, by = next(iter(facilitators().items()))
    draft = statements.open_statement(
        kind=StatementKind.QUARTERLY, period=quarter, territory=Territory.objects.get(code=code), by=by
    )
    if draft.state == StatementState.DRAFT and not draft.remarks.exists():
        statements.write_draft(statement=draft, comments=COMMENTS[0], outlook=OUTLOOK[0], by=by)
        comment(statement=draft, text=REMARK, by=officer)


def produce_now(statement, by):
    """Do here what a worker would do; when one is running and was faster, wait for it."""
    job = production.ask(statement=statement, by=by, publish=True)
    produce_statement(job.pk)
    deadline = time.monotonic() + PATIENCE
    job.refresh_from_db()
    while not job.is_over and time.monotonic() < deadline:
        time.sleep(0.5)
        job.refresh_from_db()
    if job.state != JobState.DONE:
        reason = job.error or "aucun travailleur ne l’a terminé"
        raise CommandError(f"L’état {statement.period_code} de {statement.subject} n’a pas pu être produit : {reason}")
