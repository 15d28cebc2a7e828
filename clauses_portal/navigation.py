"""What the frame of every page shows: who is signed in, where, and the way to each screen she may open."""

from django.urls import reverse
from django.utils import timezone

from facilitators.enums import Permission, Role
from facilitators.models import Membership
from facilitators.permissions import scope_of

P = Permission
# (heading of the group, [(label, route, icon, permission that opens it)])
MENU = (
    (
        "",
        (
            ("À faire", "home", "house", None),
            ("Tableau de bord", "reporting:dashboard", "bar-chart", P.VIEW_STATEMENTS),
        ),
    ),
    (
        "Préparer",
        (
            ("Programme", "markets:programme", "journal-text", P.VIEW_MARKETS),
            ("Opérations", "operations:list", "calendar3", P.VIEW_MARKETS),
            ("Marchés", "markets:list", "briefcase", P.VIEW_MARKETS),
            ("À instruire", "markets:queue", "inbox", P.DECIDE_CLAUSE),
            ("Avis à donner", "markets:opinions", "pencil", P.GIVE_OPINION),
            ("Visas juridiques", "markets:visas", "check2-square", P.GIVE_VISA),
            ("Référents", "markets:referents", "person-circle", P.ASSIGN_REFERENTS),
        ),
    ),
    (
        "Accompagner",
        (
            ("Personnes", "participants:list", "people", P.VIEW_PERSONS),
            ("Validations", "participants:validations", "person-check", P.VALIDATE_PERSONS),
            ("Fiches de poste", "participants:postings", "briefcase", P.VIEW_MARKETS),
            ("Postes et personnes", "participants:vacancies", "people", P.VIEW_PERSONS),
            ("Appels à passer", "participants:calls", "clock-history", P.VIEW_PERSONS),
        ),
    ),
    (
        "Suivre",
        (
            ("Entreprises", "markets:companies", "building", P.VIEW_MARKETS),
            ("Réunions", "markets:meetings", "calendar3", P.VIEW_MARKETS),
            ("Heures", "participants:hours_lots", "clock", P.VIEW_HOURS),
            ("Relevés à vérifier", "participants:declarations", "check2-square", P.ENTER_HOURS),
            ("Alertes", "markets:alerts", "bell", P.VIEW_ALERTS),
            ("Pénalités", "markets:penalty_cases", "exclamation-triangle", P.VIEW_PENALTIES),
        ),
    ),
    (
        "Rendre compte",
        (
            ("États et bilans", "reporting:list", "file-earmark-text", P.VIEW_STATEMENTS),
            ("Attestations", "reporting:executions", "award", P.VIEW_STATEMENTS),
            ("Listes nominatives", "reporting:nominative_lists", "lock", P.LIST_BENEFICIARIES),
        ),
    ),
    (
        "Régler",
        (
            ("Paramètres de calcul", "markets:parameters", "gear", P.VIEW_METHOD),
            ("Modèles de pièces", "markets:templates", "file-earmark-text", P.MANAGE_TEMPLATES),
            ("Imports", "markets:imports", "upload", P.IMPORT_MARKETS),
            ("Échanges", "reporting:exchanges", "send", P.EXCHANGE_DATA),
            ("Données personnelles", "participants:processing_register", "shield-check", None),
            ("Demandes des personnes", "participants:data_requests", "inbox", P.RECORD_DATA_REQUESTS),
            ("Conservation", "participants:retention", "clock-history", P.DECIDE_DATA_REQUESTS),
            ("Comptes", "facilitators:accounts", "shield-check", P.MANAGE_ACCOUNTS),
            ("Journal", "facilitators:journal", "clock-history", P.VIEW_JOURNAL),
            ("Conventions et directions", "facilitators:office", "building", P.MANAGE_ACCOUNTS),
            ("État du portail", "facilitators:portal_state", "check-circle", P.MANAGE_ACCOUNTS),
            ("Référentiels", "markets:references", "journal-text", P.MANAGE_REFERENCES),
            ("Logos", "reporting:logos", "award", P.MANAGE_ACCOUNTS),
            ("Clés d’accès", "facilitators:keys", "key", P.REVOKE_KEYS),
            ("Avertissements automatiques", "facilitators:webhooks", "bell", P.REVOKE_KEYS),
            ("Interface d’échange", "interface", "journal-text", P.REVOKE_KEYS),
        ),
    ),
)
SCREENS = tuple(screen for _, screens in MENU for screen in screens)


def frame(request):
    """Context processor. Costs one query beside the scope, which the page needs anyway."""
    context = {
        "navigation": [],
        "role_label": "",
        "territory_label": "",
        "breadcrumbs": [],
    }
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        context["navigation"] = navigation(request)
        context["role_label"], context["territory_label"] = place_of(user)
    return context


def navigation(request):
    """[(heading, [(label, url, icon, is it this one)])] of the screens the signed-in person may open."""
    scope = scope_of(request.user)
    menu = [
        (
            heading,
            [
                (label, reverse(route), icon)
                for label, route, icon, right in screens
                if not right or scope.allows(right)
            ],
        )
        for heading, screens in MENU
    ]
    current = _current(request.path, [url for _, screens in menu for _, url, _ in screens])
    return [
        (heading, [(label, url, icon, url == current) for label, url, icon in screens])
        for heading, screens in menu
        if screens
    ]


def _current(path, urls):
    """« Programme » is under « Marchés »: the longest address that leads here is the one."""
    here = [url for url in urls if path == url or (url != "/" and path.startswith(url))]
    return max(here, key=len, default="")


def place_of(user):
    """(roles, places) of the signed-in person, as texts for the header."""
    memberships = (
        Membership.objects.active(timezone.localdate())
        .filter(user=user)
        .values_list("role", "territory__name", "directorate__name")
    )
    roles = sorted({Role(role).label for role, _, _ in memberships})
    places = sorted({territory or directorate or "Département" for _, territory, directorate in memberships})
    return ", ".join(roles), ", ".join(places)
