"""The attestation of a worker: where she worked, how long, what she did there. Nothing of why (domain.md §12 n° 54).

Neither her category, nor her prescriber, nor the clause’s figures: a paper to show an employer.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum
from django.utils import timezone

from clauses_portal.core import french
from clauses_portal.core.branding import logos_on
from clauses_portal.core.pdf import letterhead, render_pdf
from markets.task_examples import library

MOST_TASKS = 5
TITLE = "Attestation de parcours professionnel"


@dataclass(frozen=True)
class Post:
    """A post held: its title, where, from when to when, hours (h), what one did there."""

    title: str
    employer: str
    place: str
    period: str
    hours: Decimal
    tasks: list
    are_usual: bool


def posts_of(person):
    """[Post] of a person, the oldest first: her contracts that have begun, with their counted hours."""
    rows = person.contracts.filter(starts_on__lte=timezone.localdate()).annotate(
        worked=Sum("hours__counted", default=0)
    )
    rows = rows.select_related("employer", "host", "lot", "referral__posting").order_by("starts_on", "pk")
    return [_post(contract) for contract in rows]


def _post(contract):
    written = _written_tasks(contract)
    employer = str(contract.employer)
    if contract.host_id and contract.host_id != contract.employer_id:
        employer = f"{employer}, auprès de {contract.host}"
    return Post(
        title=contract.job_title,
        employer=employer,
        place=contract.lot.title,
        period=_period(contract.starts_on, contract.ends_on),
        hours=contract.worked,
        tasks=written or usual_tasks(contract.rome_code),
        are_usual=not written,
    )


def _written_tasks(contract):
    """What the posting said, line by line; nothing when the contract comes from no posting."""
    referral = getattr(contract, "referral", None)
    lines = referral.posting.tasks.splitlines() if referral else []
    return [line.strip(" -•–\t") for line in lines if line.strip(" -•–\t")][:MOST_TASKS]


def usual_tasks(rome_code):
    """Usual tasks of an occupation, from the library of the portal; of its family when it has none."""
    known = [task for trade in library() for task in trade.tasks]
    exact = [task.task for task in known if task.rome_code == rome_code]
    family = [task.task for task in known if rome_code and task.rome_code[:3] == rome_code[:3]]
    return list(dict.fromkeys(exact or family))[:MOST_TASKS]


def _period(first, last):
    if last is None or last > timezone.localdate():
        return f"depuis le {french.date(first)}"
    return f"du {french.date(first)} au {french.date(last)}"


def work_certificate_pdf(person, posts, *, number, by, at):
    """Return the PDF (bytes) of the attestation under this number, dated `at` (aware): both logos, no secret."""
    context = {
        "person": f"{person.first_name} {person.last_name}",
        "posts": posts,
        "tells_tasks": any(post.tasks for post in posts),
        "hours": sum(post.hours for post in posts),
        "skills": person.skills,
        "facts": [
            ("Attestation", f"n° {number}"),
            ("Établie le", french.date(at)),
            ("Par", str(by)),
            ("Territoire", person.territory.name),
        ],
        "letterhead": letterhead(logos_on(timezone.localdate(at))[:2], "none"),
    }
    return render_pdf("pdf/work_certificate.html", context, title=TITLE, identifier=number, created_at=at)
