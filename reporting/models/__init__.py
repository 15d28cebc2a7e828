from reporting.models.agreement import PublicationAgreement
from reporting.models.batch import ProductionBatch
from reporting.models.branding import BrandingLogo
from reporting.models.exchange import DataImport, ExchangeLine, PackageExport, SourceMapping
from reporting.models.execution import ExecutionCertificate, ExecutionProposal
from reporting.models.job import ExportJob
from reporting.models.nominative import ListDownload, NominativeList
from reporting.models.parts import StatementComment, StatementFile, StatementRatios
from reporting.models.statement import Statement

__all__ = [
    "BrandingLogo",
    "DataImport",
    "ExchangeLine",
    "ExecutionCertificate",
    "ExecutionProposal",
    "ExportJob",
    "ListDownload",
    "NominativeList",
    "PackageExport",
    "ProductionBatch",
    "PublicationAgreement",
    "SourceMapping",
    "Statement",
    "StatementComment",
    "StatementFile",
    "StatementRatios",
]
