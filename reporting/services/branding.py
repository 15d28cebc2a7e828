"""The logos of the two institutions: given by the administrator, used by the documents of their dates (C25, C26)."""

from datetime import timedelta

from django.db import transaction

from clauses_portal.core.pdf import Logo, letterhead
from clauses_portal.core.services import validated_save
from reporting.enums import LogoOwner
from reporting.models import BrandingLogo

ONE_DAY = timedelta(days=1)
SIGNATURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


def mime_of(content):
    """Type told by the first bytes: image/png, image/jpeg, or « » for anything else."""
    return next((mime for start, mime in SIGNATURES.items() if content.startswith(start)), "")


@transaction.atomic
def add_logo(*, owner, content, alt, valid_from, by):
    """Record a logo from a day on; the one in use until then ends the day before, and past documents keep theirs.

    Raises UnreadableLogo when the image cannot be drawn, ValidationError on dates.
    """
    logo = BrandingLogo(owner=owner, image=content, mime=mime_of(content), alt=alt, valid_from=valid_from)
    logo.full_clean()
    letterhead([Logo(logo.get_owner_display(), alt, content, logo.mime)], "none")
    for former in BrandingLogo.objects.select_for_update().filter(owner=owner).valid_on(valid_from):
        former.valid_until = valid_from - ONE_DAY
        validated_save(former, by=by)
    return validated_save(logo, by=by)


def logos_on(day):
    """The `Logo`s of the Département and of the Métropole on that day; a placeholder when none was given."""
    given = {logo.owner: logo for logo in BrandingLogo.objects.valid_on(day).order_by("valid_from")}
    return [
        Logo(owner.label, given[owner].alt, bytes(given[owner].image), given[owner].mime)
        if owner in given
        else Logo(owner.label, f"Logo {owner.label}", None, None)
        for owner in LogoOwner
    ]
