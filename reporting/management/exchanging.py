"""What the commands of packages share: who, for which structure, and the progress told line by line."""

from django.core.management.base import CommandError
from django.db.models import Q

from clauses_portal.accounts.models import User
from facilitators.models import Structure


def account_of(email):
    """The active account of this address. Raises CommandError."""
    account = User.objects.filter(email__iexact=email, is_active=True).first()
    if account is None:
        raise CommandError("Aucun compte actif n’a cette adresse.")
    return account


def structure_of(text):
    """The structure of this SIRET or name. Raises CommandError."""
    structure = Structure.objects.filter(Q(siret=text) | Q(name=text)).first() if text else None
    if structure is None:
        raise CommandError("Aucune structure n’a ce SIRET ou ce nom.")
    return structure


def told(command, work):
    """The same work, whose steps are written on the console."""
    return lambda job, progress: work(job, lambda step, done=None: command.stdout.write(f"{step} ({done or 0})"))
