from clauses_portal.accounts.models.draft import FormDraft, FormDraftQuerySet
from clauses_portal.accounts.models.journal import JournalAction, JournalEntry, JournalQuerySet, JournalResult
from clauses_portal.accounts.models.sign_in import CharterAcceptance, ProConnectIdentity
from clauses_portal.accounts.models.user import User, UserManager

__all__ = [
    "CharterAcceptance",
    "FormDraft",
    "FormDraftQuerySet",
    "JournalAction",
    "JournalEntry",
    "JournalQuerySet",
    "JournalResult",
    "ProConnectIdentity",
    "User",
    "UserManager",
]
