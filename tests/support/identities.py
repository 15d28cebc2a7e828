"""Those who look at the canaries: every role, here and elsewhere, who left, programs, companies, anybody."""

from dataclasses import dataclass

from django.test import Client
from django.urls import reverse

from clauses_portal.api_docs.document import document, operations
from facilitators.enums import KeyDirection, KeyScope, Role
from facilitators.permissions import grant, revoke
from markets.services.company_links import address_of
from tests.factories.accounts import UserFactory, author
from tests.factories.facilitators import ConventionFactory, DirectorateFactory
from tests.support.access import MATRIX
from tests.support.aviary import asked_by, pages
from tests.support.keys import program
from tests.support.strictness import StrictClient

READ = (KeyScope.READ_MARKETS, KeyScope.READ_ALERTS, KeyScope.READ_STATEMENTS)
OF_DEPARTMENT = {"direction": KeyDirection.TO_FACILITATOR}
OF_FACILITATOR = {"direction": KeyDirection.TO_DEPARTMENT}
WRITE_PEOPLE = (KeyScope.WRITE_PERSONS, KeyScope.WRITE_HOURS, KeyScope.WRITE_ALERTS)
PUBLIC = ("help", "accessibility", "legal_notice", "reporting:verify", "account_login", "account_reset_password")
COMPANY = ("company_link", "company_hours", "company_posting", "company_referrals")


@dataclass
class Place:
    """The world of the canaries."""

    territory: object
    elsewhere: object
    targets: dict


def member(role, **where):
    """A client signed in with this role, which was given somewhere."""
    client = StrictClient()
    client.user = UserFactory()
    grant(user=client.user, role=role, by=None, **where)
    client.force_login(client.user)
    return client


def former_facilitator(place):
    client = member(Role.FACILITATOR, territory=place.territory)
    revoke(membership=client.user.memberships.get(), by=author())
    client.force_login(client.user)
    return client


def signed_in(place):
    """{identity: what makes its client} of those who have an account, and of a passer-by."""
    here, away = {"territory": place.territory}, {"territory": place.elsewhere}
    return {
        "officer": lambda: member(Role.MISSION_OFFICER),
        "legal": lambda: member(Role.LEGAL_OFFICER),
        "agent": lambda: member(Role.DIRECTORATE_AGENT, directorate=place.targets["directorate"]),
        "agent of another directorate": lambda: member(Role.DIRECTORATE_AGENT, directorate=DirectorateFactory()),
        "facilitator": lambda: member(Role.FACILITATOR, **here),
        "facilitator elsewhere": lambda: member(Role.FACILITATOR, **away),
        "former facilitator": lambda: former_facilitator(place),
        "director": lambda: member(Role.DIRECTOR),
        "administrator": lambda: member(Role.ADMINISTRATOR),
        "privacy officer": lambda: member(Role.PRIVACY_OFFICER),
        "passer-by": StrictClient,
    }


def programs(place):
    """{identity: KeyClient} of the programs of each direction, here and elsewhere."""
    here = ConventionFactory(territories=[place.territory]).structure
    away = ConventionFactory(territories=[place.elsewhere]).structure
    return {
        "key of the Département": lambda: program(KeyScope.WRITE_MARKETS, *READ, structure=here, **OF_DEPARTMENT),
        "key of the facilitator": lambda: program(*WRITE_PEOPLE, *READ, structure=here, **OF_FACILITATOR),
        "key elsewhere": lambda: program(*WRITE_PEOPLE, *READ, structure=away, **OF_FACILITATOR),
    }


IDENTITIES = (
    *("officer", "legal", "agent", "agent of another directorate", "facilitator", "facilitator elsewhere"),
    *("former facilitator", "director", "administrator", "privacy officer", "passer-by"),
    *("key of the Département", "key of the facilitator", "key elsewhere", "company"),
)


def read_by(identity, place):
    """(client, [(route, answer)…]) of everything this identity may ask for, one answer at a time."""
    if identity == "company":
        return _company(place)
    if identity.startswith("key"):
        key = programs(place)[identity]()
        return key, _interface(key)
    client = signed_in(place)[identity]()
    mine = asked_by(client.user, place.targets) if client.user else {}
    asked = [*pages(MATRIX, place.targets | mine), *((name, reverse(name)) for name in PUBLIC)]
    return client, ((route, client.get(url)) for route, url in asked)


def _interface(key):
    """Lists first, then each of their rows."""
    ids, reads = {}, [path for path, method, _ in operations(document()) if method == "get"]
    for path in sorted(reads, key=lambda path: path.count("{")):
        for address in _addresses(path, ids):
            answer = key.get(address)
            yield address, answer
            if "{" not in path and answer.status_code == 200:
                ids[path] = [row["id"] for row in answer.json().get("items", ()) if "id" in row]


def _addresses(path, ids):
    if "{id}" not in path:
        return [path]
    rows = ids.get(path.partition("/{id}")[0], ())
    return [path.replace("{id}", str(row)).replace("{file}", "document") for row in rows]


def _company(place):
    """A visitor without account who follows the link that her company was sent, then goes wherever it leads."""
    client = Client()  # opening a link is noted
    asked = ["/" + address_of(place.targets["hours_link"]).split("/", 3)[3]]
    asked += [reverse(f"participants:{name}") for name in COMPANY[1:]]
    return client, ((url, client.get(url, follow=True)) for url in asked)
