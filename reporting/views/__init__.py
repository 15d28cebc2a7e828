from reporting.views.branding import logo_list
from reporting.views.home import home
from reporting.views.statements import (
    job_progress,
    statement_detail,
    statement_download,
    statement_list,
    statement_preview,
    statement_publish,
)

__all__ = [
    "home",
    "job_progress",
    "logo_list",
    "statement_detail",
    "statement_download",
    "statement_list",
    "statement_preview",
    "statement_publish",
]
