"""What a figure is made of: its rows, told as the screen of each kind of thing names them, without a secret."""

from django.db.models import F

from clauses_portal.core.exports import Column, Kind, Listing
from facilitators.enums import Permission
from facilitators.permissions import scope_of
from markets.exports import lot_name
from markets.models import Alert, Lot, Market, MarketTotal, Meeting, ObjectiveEntry
from participants.models import EmploymentContract, ExitSituation, HoursEntry, JobPosting, Participant, Referral
from reporting.dashboards.shown import Shown
from reporting.indicators.definition import Breakdown, Indicator, Unit, value_of

K = Kind
LOT = Column("Lot", K.TEXT, lambda row: lot_name(row.lot))
TERRITORY = Column("Territoire", K.TEXT, "territory")


def _named(path):
    """A column of persons: their names where the reader follows persons, nothing elsewhere (domain.md §8)."""
    return Column("Personne", K.TEXT, path)


# {model: (what to read with it, what orders it, its columns)}
SHOWN = {
    Participant: (
        ("commune", "territory"),
        ("last_name", "first_name", "pk"),
        (_named(str), Column("Sexe", K.TEXT, "get_sex_display"), Column("Commune", K.TEXT, "commune"), TERRITORY),
    ),
    EmploymentContract: (
        ("participant", "employer", "award__lot__market", "territory"),
        ("starts_on", "pk"),
        (
            _named("participant"),
            Column("Poste", K.TEXT, "job_title"),
            Column("Contrat", K.TEXT, "get_contract_type_display"),
            Column("Employeur", K.TEXT, "employer"),
            Column("Lot", K.TEXT, lambda row: lot_name(row.award.lot)),
            TERRITORY,
            Column("Début", K.DATE, "starts_on"),
            Column("Fin", K.DATE, "ends_on"),
        ),
    ),
    HoursEntry: (
        ("participant", "contract__employer", "lot__market", "territory"),
        ("month", "pk"),
        (
            Column("Du", K.DATE, "starts_on"),
            Column("Au", K.DATE, "ends_on"),
            _named("participant"),
            LOT,
            TERRITORY,
            Column("Employeur", K.TEXT, "contract.employer"),
            Column("Régularisée en", K.DATE, "booked_in"),
        ),
    ),
    ExitSituation: (
        ("participant", "lot__market", "territory"),
        ("due_on", "pk"),
        (
            _named("participant"),
            LOT,
            TERRITORY,
            Column("Échéance", K.TEXT, "get_horizon_display"),
            Column("Le", K.DATE, "due_on"),
            Column("Situation", K.TEXT, lambda row: row.get_situation_display() or "À renseigner"),
        ),
    ),
    Market: (
        ("operation",),
        ("notified_on", "pk"),
        (
            Column("Marché", K.TEXT, "number"),
            Column("Objet", K.TEXT, "title"),
            Column("Nature", K.TEXT, "get_kind_display"),
            Column("Notifié le", K.DATE, "notified_on"),
        ),
    ),
    Lot: (
        ("market", "territory"),
        ("market__number", "pk"),
        (
            Column("Lot", K.TEXT, lot_name),
            Column("Intitulé", K.TEXT, "title"),
            TERRITORY,
            Column("État", K.TEXT, "get_state_display"),
            Column("Début", K.DATE, "starts_on"),
            Column("Fin", K.DATE, "ends_on"),
        ),
    ),
    MarketTotal: (
        ("market", "territory"),
        ("progress", "market__number", "pk"),
        (
            Column("Marché", K.TEXT, "market.number"),
            Column("Objet", K.TEXT, "market.title"),
            TERRITORY,
            Column("Heures dues", K.HOURS, "required"),
            Column("Comptabilisées", K.HOURS, "counted"),
            Column("Réalisé", K.PERCENT, "progress"),
            Column("Attendu", K.PERCENT, "expected"),
        ),
    ),
    ObjectiveEntry: (
        ("award__lot__market", "award__company"),
        ("effective_on", "pk"),
        (
            Column("Lot", K.TEXT, lambda row: lot_name(row.award.lot)),
            Column("Entreprise", K.TEXT, "award.company"),
            Column("Nature", K.TEXT, "get_kind_display"),
            Column("Date d’effet", K.DATE, "effective_on"),
        ),
    ),
    Alert: (
        ("lot__market", "territory"),
        ("raised_on", "pk"),
        (
            Column("Événement", K.TEXT, "get_category_display"),
            LOT,
            TERRITORY,
            Column("Gravité", K.TEXT, "get_severity_display"),
            Column("Signalée le", K.DATE, "raised_on"),
            Column("Close le", K.DATE, "closed_on"),
        ),
    ),
    Meeting: (
        ("lot__market", "territory"),
        ("begins_on", "pk"),
        (
            Column("Réunion", K.TEXT, "title"),
            Column("Nature", K.TEXT, "get_kind_display"),
            LOT,
            TERRITORY,
            Column("Tenue le", K.DATE, "begins_on"),
        ),
    ),
    JobPosting: (
        ("lot__market", "territory"),
        ("published_at", "pk"),
        (
            Column("Poste", K.TEXT, "title"),
            LOT,
            TERRITORY,
            Column("Publiée le", K.DATE, "published_at"),
            Column("État", K.TEXT, "get_state_display"),
        ),
    ),
    Referral: (
        ("participant", "posting__lot__market"),
        ("proposed_at", "pk"),
        (
            _named("participant"),
            Column("Poste", K.TEXT, "posting.title"),
            Column("Lot", K.TEXT, lambda row: lot_name(row.posting.lot)),
            Column("Proposée le", K.DATE, "proposed_at"),
            Column("Suite", K.TEXT, "get_state_display"),
            Column("Motif", K.TEXT, "get_refusal_display"),
        ),
    ),
}
# Where the permission to read a figure’s rows is not that of its model: a row of totals is read with its market.
READ_WITH = {MarketTotal: Permission.VIEW_MARKETS}


def has_rows(figure):
    """A share has none of its own: those of its part and of its whole."""
    return isinstance(figure, Indicator | Breakdown)


def rows_of(figure, scope, period):
    """The rows a figure counts: those its measure keeps, and that weigh something in it."""
    rows, measure = figure.rows(scope, period), figure.measure
    condition = getattr(measure, "filter", None)
    if condition is not None:
        rows = rows.filter(condition)
    field = summed(figure)
    return rows.exclude(**{field: 0}) if field else rows


def summed(figure):
    """The field whose values make the figure, « » when rows are counted."""
    sources = getattr(figure.measure, "source_expressions", [])
    source = sources[0] if sources and type(figure.measure).__name__ == "Sum" else None
    return source.name if isinstance(source, F) else ""


def total_of(figure, scope, period):
    """The figure these rows make, None for a breakdown, which has as many as parts."""
    return None if isinstance(figure, Breakdown) else Shown(figure, value_of(figure, scope, period))


def permission_of(rows):
    """What one must hold to read these rows one by one, None when they are never read so: groups are no rows."""
    if rows.model not in SHOWN or rows.query.values_select or rows.query.group_by:
        return None
    return READ_WITH.get(rows.model) or rows.view_permission


def may_open(figure, scope, period, user):
    """True when this account may read rows of this figure somewhere. No query."""
    if not has_rows(figure):
        return False
    permission = permission_of(figure.rows(scope, period))
    return permission is not None and scope_of(user).allows(permission)


def read_by(rows, user):
    """The rows this account may read, with what their columns need, in their order."""
    permission = permission_of(rows)
    related, order, _ = SHOWN[rows.model]
    if rows.model is MarketTotal:
        mine = rows.filter(market__in=Market.objects.actionable_by(user, permission))
    else:
        mine = rows.actionable_by(user, permission)
    return mine.select_related(*related).order_by(*order)


def listing(figure, rows, user):
    """The `Listing` of the rows of a figure: names of persons only for who follows persons there."""
    columns = [_discreet(column, user) if column.label == "Personne" else column for column in SHOWN[rows.model][2]]
    if not scope_of(user).allows(Permission.VIEW_PERSONS):
        columns = [column for column in columns if column.label != "Personne"]
    if field := summed(figure):
        kind = K.HOURS if figure.unit == Unit.HOURS else K.INTEGER
        columns.append(Column(_capitalised(figure.unit.value), kind, field))
    return Listing(figure.label, f"indicateur-{figure.code.replace('_', '-')}", tuple(columns), (figure.definition,))


def names_persons(listing):
    """True when these rows name persons to whoever reads them."""
    return any(column.label == "Personne" for column in listing.columns)


def _discreet(column, user):
    rights = scope_of(user)
    if Permission.VIEW_PERSONS in rights.everywhere:
        return column
    mine = rights.territories.get(Permission.VIEW_PERSONS, frozenset())

    def name(row):
        person = getattr(row, "participant", row)
        place = row.territory_id if hasattr(row, "territory_id") else person.territory_id
        return str(person) if place in mine else None

    return Column(column.label, column.kind, name)


def _capitalised(text):
    return text[:1].upper() + text[1:]
