"""Companies and the people one speaks to there: kept up to date by those who follow their lots (domain.md §1.3)."""

from django.db import transaction
from django.utils import timezone

from clauses_portal.core.errors import Conflict
from clauses_portal.core.services import lock, validated_save
from clauses_portal.core.versions import refuse_stale
from markets.enums import SIAE_KINDS
from markets.models import Company, CompanyContact
from markets.services.company_directory import check_on_commit

IS_GONE = "Cette personne n’est plus dans l’entreprise : indiquez d’abord qu’elle est de nouveau là."


def known_company(*, siret, name, by):
    """Return the company of this SIRET, recorded when it is new; a missing name is completed."""
    company = Company.objects.filter(siret=siret).first()
    if company is None:
        company = validated_save(Company(siret=siret, name=name), by=by)
        check_on_commit(company)
    elif name and not company.name:
        company.name = name
        validated_save(company, by=by)
    return company


@transaction.atomic
def change_company(*, company, by, seen=None):
    """Save what a person checked of a company: it is verified from then on, and the directory writes over nothing.

    Raises Stale when somebody changed it since the version `seen`.
    """
    refuse_stale(lock(Company.objects, company.pk), seen)
    company.is_siae = company.kind in SIAE_KINDS
    company.verified_at, company.verified_by = timezone.now(), by
    return validated_save(company, by=by)


@transaction.atomic
def save_contact(*, contact, by, seen=None):
    """Record or change somebody to speak to: typed, hence confirmed today; a new address is given a new chance.

    Raises Stale when somebody changed the contact since the version `seen`, Conflict when the person is gone.
    """
    if contact.pk:
        saved = lock(CompanyContact.objects, contact.pk)
        refuse_stale(saved, seen)
        _check_there(saved)
        contact.bounced_on = saved.bounced_on if contact.email == saved.email else None
    return _confirmed(contact, by)


@transaction.atomic
def confirm_contact(*, contact, by):
    """Somebody spoke to this person, who is still the one to speak to."""
    contact = lock(CompanyContact.objects, contact.pk)
    _check_there(contact)
    return _confirmed(contact, by)


@transaction.atomic
def contact_left(*, contact, by):
    """This person is gone: kept for the record, asked for nothing any more."""
    contact = lock(CompanyContact.objects, contact.pk)
    _check_there(contact)
    contact.left_on, contact.receives_reminders = timezone.localdate(), False
    return validated_save(contact, by=by)


@transaction.atomic
def contact_came_back(*, contact, by):
    """This person is there after all."""
    contact = lock(CompanyContact.objects, contact.pk)
    contact.left_on = None
    return _confirmed(contact, by)


@transaction.atomic
def try_address_again(*, contact, by):
    """The address that failed is right: the next mail is sent to it."""
    contact = lock(CompanyContact.objects, contact.pk)
    _check_there(contact)
    contact.bounced_on = None
    return _confirmed(contact, by)


def _check_there(contact):
    if contact.left_on:
        raise Conflict(IS_GONE)


def _confirmed(contact, by):
    contact.confirmed_at, contact.confirmed_by = timezone.now(), by
    return validated_save(contact, by=by)
