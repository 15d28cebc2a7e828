"""What each role and each scope of a key gives: the table of design.md §3. Where and when is for `permissions`."""

from django.conf import settings

from facilitators.enums import KeyScope, Permission, Role

P = Permission
_READ_AND_DECIDE = {P.VIEW_MARKETS, P.VIEW_AMOUNTS, P.VIEW_METHOD, P.VIEW_ALERTS, P.VIEW_PENALTIES, P.VIEW_STATEMENTS}
_RUN_MARKETS = {P.MANAGE_MARKETS, P.MANAGE_AMOUNTS, P.MANAGE_AWARDS, P.MANAGE_COMPANIES, P.ANSWER_BIDDERS}
_WRITE_CLAUSES = {P.PRODUCE_DOCUMENTS, P.MANAGE_TEMPLATES, P.ASSIGN_REFERENTS}

ROLE_PERMISSIONS = {
    Role.MISSION_OFFICER: _READ_AND_DECIDE
    | _RUN_MARKETS
    | _WRITE_CLAUSES
    | {P.DECIDE_CLAUSE, P.RETAIN_CALIBRATION, P.DECIDE_OBJECTIVES, P.VIEW_HOURS, P.IMPORT_MARKETS}
    | {P.MANAGE_ALERTS, P.MANAGE_MEETINGS, P.PROPOSE_PENALTIES}
    | {P.COMMENT_STATEMENTS, P.PUBLISH_REPORTS, P.LIST_BENEFICIARIES}
    | {P.REVOKE_KEYS, P.EXCHANGE_DATA},
    Role.LEGAL_OFFICER: _READ_AND_DECIDE | {P.GIVE_VISA, P.DECIDE_PENALTIES},
    Role.DIRECTORATE_AGENT: {P.VIEW_MARKETS, P.VIEW_AMOUNTS, P.VIEW_ALERTS, P.VIEW_PENALTIES, P.VIEW_STATEMENTS}
    | _RUN_MARKETS,
    Role.FACILITATOR: {
        P.VIEW_MARKETS,
        P.VIEW_AMOUNTS,
        P.VIEW_METHOD,
        P.GIVE_OPINION,
        P.PROPOSE_CALIBRATION,
        P.PRODUCE_DOCUMENTS,
        P.ANSWER_BIDDERS,
        P.ASSIGN_REFERENTS,
        P.MANAGE_COMPANIES,
        P.MANAGE_MEETINGS,
        P.VIEW_PENALTIES,
        P.PROPOSE_PENALTIES,
        P.VIEW_PERSONS,
        P.MANAGE_PERSONS,
        P.VALIDATE_PERSONS,
        P.VIEW_HOURS,
        P.ENTER_HOURS,
        P.VIEW_ALERTS,
        P.MANAGE_ALERTS,
        P.VIEW_STATEMENTS,
        P.PUBLISH_STATEMENTS,
        P.LIST_BENEFICIARIES,
        P.MANAGE_KEYS,
        P.REVOKE_KEYS,
        P.EXCHANGE_DATA,
        P.RECORD_DATA_REQUESTS,
    },
    Role.DIRECTOR: {P.VIEW_STATEMENTS},
    Role.ADMINISTRATOR: {P.MANAGE_ACCOUNTS, P.MANAGE_REFERENCES, P.MANAGE_KEYS, P.REVOKE_KEYS, P.VIEW_JOURNAL},
    Role.PRIVACY_OFFICER: {P.VIEW_JOURNAL, P.RECORD_DATA_REQUESTS, P.DECIDE_DATA_REQUESTS},
}
# What a program may do with a key. Never an amount nor the method (C27); writing markets is the Département's, which
# has decided of the clause and of the hours before it sends them.
_READ_MARKETS = {P.VIEW_MARKETS}
_DECIDED_MARKETS = {P.DECIDE_CLAUSE, P.RETAIN_CALIBRATION, P.MANAGE_MARKETS, P.MANAGE_AWARDS, P.MANAGE_COMPANIES}
KEY_PERMISSIONS = {
    KeyScope.READ_MARKETS: _READ_MARKETS,
    KeyScope.WRITE_MARKETS: _READ_MARKETS | _DECIDED_MARKETS,
    KeyScope.READ_PERSONS: {P.VIEW_PERSONS},
    KeyScope.WRITE_PERSONS: _READ_MARKETS | {P.VIEW_PERSONS, P.MANAGE_PERSONS, P.VALIDATE_PERSONS, P.VIEW_HOURS},
    KeyScope.READ_HOURS: {P.VIEW_HOURS},
    KeyScope.WRITE_HOURS: {P.VIEW_HOURS, P.ENTER_HOURS},
    KeyScope.READ_ALERTS: {P.VIEW_ALERTS},
    KeyScope.WRITE_ALERTS: _READ_MARKETS | {P.VIEW_ALERTS, P.MANAGE_ALERTS},
    KeyScope.READ_STATEMENTS: {P.VIEW_STATEMENTS},
}
# The office may keep the method from the facilitators (domain.md §2, security.md §2.1): one switch.
_METHOD = {P.VIEW_METHOD, P.PROPOSE_CALIBRATION}


def permissions_of(role):
    """Return the set of permissions a role gives, the facilitators' switch applied."""
    if role == Role.FACILITATOR and not settings.FACILITATORS_SEE_METHOD:
        return ROLE_PERMISSIONS[role] - _METHOD
    return ROLE_PERMISSIONS[Role(role)]


def permissions_of_scopes(scopes):
    """Return the permissions, as texts, that these values of KeyScope give; each key may bring or take packages."""
    return {right.value for scope in scopes for right in KEY_PERMISSIONS[scope] | {P.EXCHANGE_DATA}}
