"""The categories of public: dated reference data, a new version closing the former one (domain.md §4.1, §4.2)."""

from django.db import transaction

from clauses_portal.core.errors import DomainError
from clauses_portal.core.services import validated_save
from markets.services.references import correct, end_on, only_writer, replace_from
from participants.models import EligibilityCategory

__all__ = ["add_category", "correct", "end_on", "renew_category"]

KNOWN = "Ce code existe déjà : ouvrez une nouvelle version de la catégorie."


@transaction.atomic
def add_category(*, category, by):
    """Add a category under a code of its own. Raises DomainError when the code is taken."""
    only_writer(EligibilityCategory)
    category.code = category.code.strip().upper()
    if EligibilityCategory.objects.filter(code=category.code).exists():
        raise DomainError(KNOWN)
    return validated_save(category, by=by)


@transaction.atomic
def renew_category(*, category, by):
    """Open a new version of a category: the one in force ends the day before. Raises as `replace_from`."""
    return replace_from(category, same=["code"], by=by)
