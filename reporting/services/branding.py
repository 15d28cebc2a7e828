"""The logos of the two institutions: given by the administrator, used by the documents of their dates (C25, C26)."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from clauses_portal.core.models import ScanState
from clauses_portal.core.pdf import Logo, letterhead
from clauses_portal.core.scanning import ask_scan, with_scans
from clauses_portal.core.services import validated_save
from reporting.enums import LogoOwner
from reporting.models import BrandingLogo

ONE_DAY = timedelta(days=1)
INSTITUTIONS = (LogoOwner.DEPARTMENT, LogoOwner.METROPOLIS)
SIGNATURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


def mime_of(content):
    """Type told by the first bytes: image/png, image/jpeg, or « » for anything else."""
    return next((mime for start, mime in SIGNATURES.items() if content.startswith(start)), "")


@transaction.atomic
def add_logo(*, owner, content, alt, valid_from, by, structure=None):
    """Record a logo from a day on; the one in use until then ends the day before, and past documents keep theirs.

    Given twice for the same day, the second replaces the first. `structure`: whose logo it is, when neither of the
    Département nor of the Métropole. Raises UnreadableLogo when the image cannot be drawn, ValidationError on dates.
    """
    others = BrandingLogo.objects.select_for_update(of=("self",)).filter(owner=owner, structure=structure)
    logo = others.filter(valid_from=valid_from).first()
    if logo is None:
        logo = BrandingLogo(owner=owner, structure=structure, valid_from=valid_from)
        logo.valid_until = _day_before_the_next(others, valid_from)
    logo.image, logo.mime, logo.alt = content, mime_of(content), alt
    logo.full_clean()
    letterhead([Logo(owner_name(logo), alt, content, logo.mime)], "none")
    for former in others.exclude(pk=logo.pk).valid_on(valid_from):
        former.valid_until = valid_from - ONE_DAY
        validated_save(former, by=by)
    validated_save(logo, by=by)
    ask_scan(logo)
    return logo


def _day_before_the_next(others, day):
    """A logo may already be there for later: the new one stops the day before, or never (None)."""
    later = others.filter(valid_from__gt=day).order_by("valid_from").first()
    return later.valid_from - ONE_DAY if later else None


def owner_name(logo):
    """Whose logo it is, as documents and the page of logos say it."""
    return str(logo.structure) if logo.structure_id else logo.get_owner_display()


def logos_on(day, *, structure=None):
    """The `Logo`s in use on that day: the Département, the Métropole, then the structure of that id when it gave one.

    A placeholder stands for an institution that has not given its own yet.
    """
    asked = Q(owner__in=INSTITUTIONS) | Q(structure=structure, structure__isnull=False)
    rows = BrandingLogo.objects.valid_on(day).filter(asked).select_related("structure").order_by("valid_from", "pk")
    sound = (logo for logo in with_scans(rows) if logo.kept_scan != ScanState.INFECTED)
    given = {(logo.owner, logo.structure_id): logo for logo in sound}
    institutions = [_printed(given.get((owner, None)), owner.label) for owner in INSTITUTIONS]
    own = given.get((LogoOwner.STRUCTURE, structure)) if structure else None
    return [*institutions, *([_printed(own, owner_name(own))] if own else [])]


def _printed(logo, name):
    if logo is None:
        return Logo(name, f"Logo {name}", None, None)
    return Logo(name, logo.alt, bytes(logo.image), logo.mime)
