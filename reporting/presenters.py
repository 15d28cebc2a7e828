"""What the pages of the papers show: figures, files with their sizes, versions, what one may do."""

from django.db.models import Prefetch

from facilitators.enums import Permission
from facilitators.permissions import scope_of
from reporting.enums import StatementKind, StatementState
from reporting.forms import CommentForm
from reporting.models import Statement, StatementFile
from reporting.statements.closing_readiness import readiness

P = Permission


def opens_papers(user):
    """May this account open a paper somewhere?"""
    return scope_of(user).allows(P.PUBLISH_STATEMENTS) or scope_of(user).allows(P.PUBLISH_REPORTS)


def with_files(papers, user):
    """Papers with the files this account may take (`seen_files`, without their content)."""
    files = StatementFile.objects.visible_to(user).defer("content").select_related("company")
    return papers.prefetch_related(Prefetch("files", queryset=files, to_attr="seen_files"))


def page_of_paper(statement, user, *, mine):
    """The context of the page of one paper; `mine`: this account prepares it."""
    is_draft = statement.state == StatementState.DRAFT
    may_comment = is_draft and (mine or scope_of(user).allows(P.COMMENT_STATEMENTS))
    versions = _versions(statement, user)
    return {
        "statement": statement,
        "files": StatementFile.objects.visible_to(user).filter(statement=statement).defer("content"),
        "remarks": statement.remarks.select_related("written_by"),
        "comment_form": CommentForm() if may_comment else None,
        "versions": versions if len(versions) > 1 else [],
        "replaced_by": next((one for one in versions if one.replaces_id == statement.pk and one.published_at), None),
        "can_replace": mine and not is_draft and not Statement.objects.filter(replaces=statement).exists(),
        "waits": is_draft and statement.kind == StatementKind.CLOSING,
        "readiness": readiness(statement, user=user) if is_draft and statement.kind == StatementKind.CLOSING else [],
    }


def _versions(statement, user):
    """Every version of this paper that this account may read, the last first."""
    key = ("kind", "territory", "directorate", "market", "period_code")
    same = Statement.objects.readable_by(user).filter(**{name: getattr(statement, name) for name in key})
    return list(same.defer("snapshot").select_related("territory", "directorate", "market").order_by("-version"))
