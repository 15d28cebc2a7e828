"""The accounts of the demonstration: shown on its sign-in page, and nowhere else."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from clauses_portal.accounts.charter import accept_charter
from clauses_portal.accounts.models import User
from facilitators.enums import Role
from facilitators.models import Directorate, Territory
from facilitators.permissions import grant
from reporting.demo.calendar import at

# One long phrase for everybody: it protects nothing, since everything here is invented and public.
DEMO_PASSWORD = "mistral-garrigue-et-romarin"  # noqa: S105


@dataclass(frozen=True)
class DemoAccount:
    """An invented person who signs in with a role: territory code for a facilitator, directorate code for an agent."""

    role: Role
    email: str
    first_name: str
    last_name: str
    place: str = ""
    territory: str = ""
    directorate: str = ""
    job_title: str = ""
    password: str = DEMO_PASSWORD

    @property
    def role_label(self):
        """For instance « Facilitateur – Pays d’Aix »."""
        return f"{self.role.label} – {self.place}" if self.place else self.role.label


DEMO_ACCOUNTS = [
    DemoAccount(Role.MISSION_OFFICER, "mission@demo.invalid", "Claire", "Vidalens"),
    DemoAccount(Role.FACILITATOR, "facilitateur.aix@demo.invalid", "Nadia", "Sarrazet", "Pays d’Aix", territory="AIX"),
    DemoAccount(
        Role.FACILITATOR,
        "facilitateur.aubagne@demo.invalid",
        "Hugo",
        "Pelletan",
        "Pays d’Aubagne et de l’Étoile",
        territory="AUBAGNE",
    ),
    DemoAccount(
        Role.FACILITATOR,
        "facilitateur.martigues@demo.invalid",
        "Aïcha",
        "Belmond",
        "Pays de Martigues",
        territory="MARTIGUES",
    ),
    DemoAccount(
        Role.DIRECTORATE_AGENT,
        "direction@demo.invalid",
        "Thomas",
        "Giraudon",
        "Direction de l’architecture et de la construction",
        directorate="DAC",
    ),
    DemoAccount(Role.LEGAL_OFFICER, "juridique@demo.invalid", "Élise", "Marchetti"),
    DemoAccount(Role.DIRECTOR, "directeur@demo.invalid", "Bruno", "Castellin"),
    DemoAccount(Role.ADMINISTRATOR, "administrateur@demo.invalid", "Sonia", "Kerbrat"),
    DemoAccount(Role.PRIVACY_OFFICER, "dpo@demo.invalid", "Mireille", "Cassagne"),
]
# Numbers that the regulator keeps for works of fiction.
PHONE = "04 65 71 00 {}"
MARKER = DEMO_ACCOUNTS[0].email


def made_on():
    """Day the demonstration was made in this database, None when it was not."""
    joined = User.objects.filter(email=MARKER).values_list("date_joined", flat=True).first()
    return joined and timezone.localdate(joined)


def facilitators():
    """{territory code: User} of the facilitators of the demonstration."""
    users = {user.email: user for user in User.objects.filter(email__in=[one.email for one in DEMO_ACCOUNTS])}
    return {account.territory: users[account.email] for account in DEMO_ACCOUNTS if account.territory}


def create_accounts(*, today, since):
    """Create the accounts `today` and give each its role from `since`. Returns {(role, territory code): User}."""
    encoded = make_password(DEMO_PASSWORD)
    users = {(account.role, account.territory): _create(account, encoded, today) for account in DEMO_ACCOUNTS}
    administrator = users[Role.ADMINISTRATOR, ""]
    for account in sorted(DEMO_ACCOUNTS, key=lambda account: account.role != Role.ADMINISTRATOR):
        user = users[account.role, account.territory]
        grant(
            user=user,
            role=account.role,
            by=None if user == administrator else administrator,
            territory=Territory.objects.filter(code=account.territory).first(),
            directorate=Directorate.objects.filter(code=account.directorate).first(),
            valid_from=since,
        )
    return users


def _create(account, encoded, today):
    user = User.objects.create(
        email=account.email,
        first_name=account.first_name,
        last_name=account.last_name,
        password=encoded,
        phone=PHONE.format(User.objects.count() + 10),
        job_title=account.job_title or account.role.label,
        date_joined=at(today),
    )
    EmailAddress.objects.create(user=user, email=account.email, verified=True, primary=True)
    accept_charter(by=user)
    return user
