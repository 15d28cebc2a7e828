from reporting.models.agreement import PublicationAgreement
from reporting.models.batch import ProductionBatch
from reporting.models.branding import BrandingLogo
from reporting.models.execution import ExecutionCertificate, ExecutionProposal
from reporting.models.job import ExportJob
from reporting.models.nominative import ListDownload, NominativeList
from reporting.models.parts import StatementComment, StatementFile, StatementRatios
from reporting.models.statement import Statement

__all__ = [
    "BrandingLogo",
    "ExecutionCertificate",
    "ExecutionProposal",
    "ExportJob",
    "ListDownload",
    "NominativeList",
    "ProductionBatch",
    "PublicationAgreement",
    "Statement",
    "StatementComment",
    "StatementFile",
    "StatementRatios",
]
