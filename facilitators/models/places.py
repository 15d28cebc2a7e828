"""Where each role may be given."""

from django.db.models import CheckConstraint, Q

from facilitators.enums import Role


def place_fits_role(model):
    """Constraint: a facilitator has a territory, an agent her directorate, the other roles the whole Département."""
    return CheckConstraint(
        name=f"{model}_place_fits_role",
        condition=Q(role=Role.FACILITATOR, territory__isnull=False, directorate__isnull=True)
        | Q(role=Role.DIRECTORATE_AGENT, territory__isnull=True, directorate__isnull=False)
        | (
            ~Q(role__in=[Role.FACILITATOR, Role.DIRECTORATE_AGENT])
            & Q(territory__isnull=True, directorate__isnull=True)
        ),
        violation_error_message=(
            "Un facilitateur est habilité sur un territoire, une direction opérationnelle sur sa direction, "
            "les autres rôles sur l’ensemble du Département."
        ),
    )
