"""What the database itself protects, table by table (docs/adr/0024): read `core.second_lock` for how.

A table of persons, amounts or method that is neither here nor in OPEN fails a test.
"""

from clauses_portal.core.second_lock.tables import AMOUNTS, METHOD, PERSONS, Protected

_LOT = "SELECT 1 FROM markets_lot WHERE markets_lot.id = {0}lot_id"
_LOT_DIRECTORATE = (
    "SELECT directorate_id FROM markets_lot JOIN markets_market ON markets_market.id = markets_lot.market_id"
    " JOIN operations_operation ON operations_operation.id = markets_market.operation_id"
    " WHERE markets_lot.id = {0}lot_id"
)
_MARKET = "SELECT 1 FROM markets_lot WHERE markets_lot.market_id = {0}market_id"
_MARKET_DIRECTORATE = (
    "SELECT directorate_id FROM markets_market"
    " JOIN operations_operation ON operations_operation.id = markets_market.operation_id"
    " WHERE markets_market.id = {0}market_id"
)
_PHASE = (
    "SELECT 1 FROM markets_lotphase JOIN markets_lot ON markets_lot.id = markets_lotphase.lot_id"
    " WHERE markets_lotphase.id = {0}phase_id"
)
_PHASE_DIRECTORATE = (
    "SELECT directorate_id FROM markets_lotphase JOIN markets_lot ON markets_lot.id = markets_lotphase.lot_id"
    " JOIN markets_market ON markets_market.id = markets_lot.market_id"
    " JOIN operations_operation ON operations_operation.id = markets_market.operation_id"
    " WHERE markets_lotphase.id = {0}phase_id"
)
_CALIBRATION = (
    "SELECT 1 FROM markets_calibration JOIN markets_lot ON markets_lot.id = markets_calibration.lot_id"
    " WHERE markets_calibration.id = {0}calibration_id"
)


# Somebody followed elsewhere who works, or worked, on a lot of the territory: her hours are typed there.
_WORKS_HERE = "SELECT 1 FROM participants_employmentcontract AS post WHERE post.participant_id = {0}id"


def _with_history(app, model, claim, territory, directorate="", also=""):
    """The table of a model, and the one of its history."""
    names = (f"{app}_{model}", f"{app}_historical{model}")
    return [
        Protected(name, claim, territory.format(f"{name}."), directorate.format(f"{name}."), also.format(f"{name}."))
        for name in names
    ]


def _of_a_person(model):
    """A table that speaks of a person: shown where she is, and her own policy says where."""
    name = f"participants_{model}"
    return Protected(
        name,
        PERSONS,
        shown_with=f"SELECT 1 FROM participants_participant AS whom WHERE whom.id = {name}.participant_id",
    )


PROTECTED = (
    *_with_history("participants", "participant", PERSONS, "{0}territory_id", also=_WORKS_HERE),
    *map(
        _of_a_person,
        (
            *("eligibilityvalidation", "historicaleligibilityvalidation"),
            *("europeananswers", "historicaleuropeananswers"),
            *("eligibilitycertificate", "workcertificate"),
            *("accessexport", "participanthold", "historicalparticipanthold"),
        ),
    ),
    *_with_history("participants", "datarequest", PERSONS, "{0}territory_id"),
    *_with_history("markets", "marketfinancials", AMOUNTS, _MARKET, _MARKET_DIRECTORATE),
    *_with_history("markets", "lotfinancials", AMOUNTS, _LOT, _LOT_DIRECTORATE),
    *_with_history("markets", "phasefinancials", AMOUNTS, _PHASE, _PHASE_DIRECTORATE),
    *_with_history("markets", "calibrationmethod", METHOD, _CALIBRATION),
    *_with_history("markets", "tradeparameters", METHOD, ""),
    Protected("reporting_statementratios", AMOUNTS),
)

# Tables that speak of a person, or are hers, without a policy: they hold no name of hers, or are read by a link of her
# company. Their querysets scope them, and ten million hours are summed without a policy on each row.
OPEN = (
    *("participants_employmentcontract", "participants_hoursentry", "participants_exitsituation"),
    *("participants_referral", "participants_importedline", "participants_participant_wanted_jobs"),
    *("participants_historicalemploymentcontract", "participants_historicalhoursentry"),
    *("participants_historicalexitsituation", "participants_historicalreferral"),
)

# Rows the application writes once: it may neither change nor remove them. Histories are added by their name.
WRITTEN_ONCE = (
    "accounts_charteracceptance",
    "markets_objectiveentry",
    "reporting_listdownload",
    "reporting_publicationagreement",
    "reporting_statementcomment",
)

# Rows the application may remove. Everything else is closed, withdrawn or anonymised, never removed.
REMOVABLE = (
    *("accounts_formdraft", "accounts_journalentry"),
    *("django_session", "usersessions_usersession", "mfa_authenticator", "account_emailaddress"),
    *("facilitators_repeatablerequest", "facilitators_webhookdelivery", "facilitators_convention_territories"),
    *("facilitators_territoryuserobjectpermission", "facilitators_directorateuserobjectpermission"),
    *("operations_operation_communes", "markets_lot_occupations", "markets_alert_recipients", "markets_lotphase"),
    *("markets_phasefinancials", "markets_criterion", "markets_criteriagrid", "markets_meetingguest"),
    *("markets_plannedhire", "markets_clausedecision", "markets_trade_occupations"),
    *("participants_participant_wanted_jobs", "participants_hoursentry", "participants_importedline"),
    "reporting_exchangeline",
)

# Every change is also written by the database, these columns left out, where the application cannot read it.
AUDITED = {
    "participants_eligibilityvalidation": ("reason", "missing", "opinion", "extension_reason"),
    "markets_marketfinancials": (),
    "markets_lotfinancials": (),
    "markets_phasefinancials": (),
    "markets_calibrationmethod": (),
    "markets_tradeparameters": (),
}
KEPT_A_YEAR = ("accounts_journalentry",)
UNREADABLE = ("core_auditedchange",)

# Made by migrations, never by the application.
MIGRATED = ("django_migrations", "django_content_type", "auth_permission")

# The only way to do what the application may not do by itself.
CALLABLE = ("participants_forget_history(bigint)", "participants_forget_contact(bigint)")
