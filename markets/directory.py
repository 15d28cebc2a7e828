"""Client of the public directory of companies, « API Recherche d’entreprises »: what the State says of a SIRET.

Off unless `COMPANY_DIRECTORY_URL` is set. Asked by a worker, never by the browser: only a SIRET leaves the portal.
"""

import json
import re
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from http.client import HTTPException
from urllib.parse import urlencode, urlsplit

from django.core.exceptions import ValidationError

from clauses_portal.core.errors import DomainError
from clauses_portal.core.text import tidy
from clauses_portal.core.validators import validate_one_line, validate_siret
from markets.enums import CompanySize

LARGEST = 512 * 1024  # bytes of an answer: the elected members of a city fill some tens of kilobytes
CHUNK = 16 * 1024
LONGEST_NAME = 250
LONGEST_WAIT = 24 * 3600
HEADERS = {"Accept": "application/json", "User-Agent": "portail-clauses-sociales"}
PARTS = "siege,complements,matching_etablissements"
# The directory hides the names of those who asked for it, and this is not a name.
HIDDEN = "[NON-DIFFUSIBLE]"
SIZES = {"PME": CompanySize.SMALL, "ETI": CompanySize.MIDDLE, "GE": CompanySize.LARGE, None: CompanySize.UNKNOWN}
# The directory names the arrondissements of Paris, Lyon and Marseille, which are not communes.
ARRONDISSEMENTS = {"13055": "132(?:0[1-9]|1[0-6])", "69123": "6938[1-9]", "75056": "751(?:0[1-9]|1[0-9]|20)"}

AWAY = "L’annuaire des entreprises ne répond pas. L’entreprise reste à vérifier."
BUSY = "L’annuaire des entreprises reçoit trop de demandes. L’entreprise reste à vérifier."
UNREADABLE = "La réponse de l’annuaire des entreprises est illisible. L’entreprise reste à vérifier."
UNKNOWN = "Ce SIRET est inconnu de l’annuaire des entreprises."


class DirectoryAway(DomainError):
    """No answer that can be trusted: try again later. `retry_after`: seconds the directory asks to wait, or None."""

    status = 503

    def __init__(self, message=AWAY, retry_after=None):
        super().__init__(message)
        self.retry_after = retry_after


class UnknownCompany(DomainError):
    """The directory answered that it has no such establishment, or none that it may show."""

    def __init__(self, message=UNKNOWN):
        super().__init__(message)


@dataclass(frozen=True)
class DirectoryEntry:
    """An establishment and its company.

    `name`: empty when the directory hides it. `active`: the establishment is open and the company exists. `naf`:
    « 43.21A », or empty. `commune`: Insee code, or empty abroad; « 13055 » for every arrondissement of Marseille.
    `size`: a `CompanySize`. `is_siae`: None when the directory does not say.
    """

    siret: str
    name: str
    active: bool
    naf: str
    commune: str
    size: str
    is_siae: bool | None


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        """An address that moved is a setting to correct: following would send the SIRET who knows where."""


OPENER = urllib.request.build_opener(_NoRedirect)


def look_up(siret, *, url, timeout=3):
    """The `DirectoryEntry` of a SIRET. `url`: base address of the API. `timeout`: seconds to connect, then to read.

    Raises ValidationError for a wrong SIRET, UnknownCompany, DirectoryAway for all that goes wrong on the way.
    """
    validate_siret(siret)
    query = urlencode({"q": siret, "minimal": "true", "include": PARTS, "page": 1, "per_page": 1})
    return _read(_ask(f"{url.rstrip('/')}/search?{query}", timeout), siret)


def _ask(address, timeout):
    """The bytes of the answer."""
    try:
        if urlsplit(address).scheme not in {"http", "https"}:
            raise DirectoryAway
        request = urllib.request.Request(address, headers=HEADERS)  # noqa: S310 (the scheme was checked)
        with OPENER.open(request, timeout=timeout) as response:
            return _body(response, time.monotonic() + timeout)
    except urllib.error.HTTPError as refusal:
        with refusal:
            raise _refused(refusal) from None
    except (OSError, HTTPException, ValueError) as trouble:
        raise DirectoryAway from trouble


def _refused(refusal):
    if refusal.code != 429:
        return DirectoryAway()
    wait = refusal.headers.get("Retry-After") or ""
    return DirectoryAway(BUSY, min(int(wait), LONGEST_WAIT) if re.fullmatch("[0-9]{1,9}", wait) else None)


def _body(response, deadline):
    """Read to the end, before the deadline (s, monotonic) and within `LARGEST`: a trickle never ends by itself."""
    body = b""
    while chunk := response.read1(CHUNK):
        body += chunk
        if len(body) > LARGEST or time.monotonic() > deadline:
            raise DirectoryAway
    return body


def _read(body, siret):
    """The entry told by an answer: a shape that is not the documented one is refused, never guessed."""
    try:
        company = _company(json.loads(body), siret)
        return _entry(company, _establishment(company, siret))
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError, ValidationError) as trouble:
        raise DirectoryAway(UNREADABLE) from trouble


def _company(answer, siret):
    found = [company for company in _list(answer["results"]) if company["siren"] == siret[:9]]
    if not found:
        raise UnknownCompany
    return found[0]


def _establishment(company, siret):
    """The establishment asked for; the head office comes apart."""
    known = [*_list(company.get("matching_etablissements") or []), company.get("siege")]
    found = [establishment for establishment in known if establishment and establishment["siret"] == siret]
    if not found:
        raise UnknownCompany
    return found[0]


def _entry(company, establishment):
    siae = (company.get("complements") or {}).get("est_siae")
    return DirectoryEntry(
        siret=establishment["siret"],
        name=_name(company),
        active=_is_open(establishment, "AF") and _is_open(company, "AC"),
        naf=_code(establishment.get("activite_principale"), r"[0-9]{2}\.[0-9]{2}[A-Z]"),
        commune=_commune(establishment.get("commune")),
        size=SIZES[company.get("categorie_entreprise")].value,
        is_siae=siae if siae is None else _flag(siae),
    )


def _name(company):
    """The official name; that of a person in business for herself is in the other column."""
    told = _text(company.get("nom_raison_sociale") or company["nom_complet"] or "")
    if HIDDEN in told:
        return ""
    name = tidy(told)[:LONGEST_NAME]
    validate_one_line(name)
    return name


def _is_open(row, states):
    """« A » is open, or alive; the second letter is the other state."""
    state = row["etat_administratif"]
    if state not in tuple(states):
        raise ValueError("unknown state")
    return state == "A"


def _code(value, pattern):
    """A code as it is; empty when there is none, or one of an old list."""
    return value if value is not None and re.fullmatch(pattern, _text(value)) else ""


def _commune(value):
    code = _code(value, "(?:[0-9]{2}|2[AB])[0-9]{3}")
    return next((city for city, pattern in ARRONDISSEMENTS.items() if re.fullmatch(pattern, code)), code)


def _list(value):
    if not isinstance(value, list):
        raise TypeError("not a list")
    return value


def _text(value):
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def _flag(value):
    if not isinstance(value, bool):
        raise TypeError("not a flag")
    return value
