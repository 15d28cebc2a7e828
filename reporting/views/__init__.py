from reporting.views.agreements import agreement_list
from reporting.views.batches import batch_create, batch_detail, batch_progress, batch_publish, batch_retry
from reporting.views.branding import logo_list
from reporting.views.consolidation import (
    consolidation,
    consolidation_csv,
    consolidation_xlsx,
    european_list,
    european_operation,
    european_xlsx,
)
from reporting.views.dashboard import dashboard, dashboard_data, dashboard_export, figure, figure_export
from reporting.views.data_imports import (
    package_import,
    package_import_choose,
    package_import_conflicts,
    package_import_progress,
    package_import_record,
    package_imports,
)
from reporting.views.decp import decp_export, decp_list
from reporting.views.definitions import definitions
from reporting.views.execution import (
    execution_deliver,
    execution_detail,
    execution_download,
    execution_list,
    execution_propose,
    execution_refuse,
)
from reporting.views.foreign import foreign_columns, foreign_file, foreign_preview, foreign_try, foreign_values
from reporting.views.home import home
from reporting.views.library import statement_bundle, statement_compare, statement_list
from reporting.views.nominative import (
    nominative_journal,
    nominative_list,
    nominative_lists,
    nominative_pdf,
    nominative_progress,
    nominative_xlsx,
)
from reporting.views.open_data import open_data, open_data_bundle, open_data_csv
from reporting.views.packages import exchanges, package, package_download, package_progress
from reporting.views.statements import (
    job_progress,
    statement_comment,
    statement_create,
    statement_detail,
    statement_download,
    statement_file,
    statement_preview,
    statement_publish,
    statement_version,
)
from reporting.views.verify import verify

__all__ = [
    "agreement_list",
    "batch_create",
    "batch_detail",
    "batch_progress",
    "batch_publish",
    "batch_retry",
    "consolidation",
    "consolidation_csv",
    "consolidation_xlsx",
    "dashboard",
    "dashboard_data",
    "dashboard_export",
    "decp_export",
    "decp_list",
    "definitions",
    "european_list",
    "european_operation",
    "european_xlsx",
    "exchanges",
    "execution_deliver",
    "execution_detail",
    "execution_download",
    "execution_list",
    "execution_propose",
    "execution_refuse",
    "figure",
    "figure_export",
    "foreign_columns",
    "foreign_file",
    "foreign_preview",
    "foreign_try",
    "foreign_values",
    "home",
    "job_progress",
    "logo_list",
    "nominative_journal",
    "nominative_list",
    "nominative_lists",
    "nominative_pdf",
    "nominative_progress",
    "nominative_xlsx",
    "open_data",
    "open_data_bundle",
    "open_data_csv",
    "package",
    "package_download",
    "package_import",
    "package_import_choose",
    "package_import_conflicts",
    "package_import_progress",
    "package_import_record",
    "package_imports",
    "package_progress",
    "statement_bundle",
    "statement_comment",
    "statement_compare",
    "statement_create",
    "statement_detail",
    "statement_download",
    "statement_file",
    "statement_list",
    "statement_preview",
    "statement_publish",
    "statement_version",
    "verify",
]
