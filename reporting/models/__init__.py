from reporting.models.branding import BrandingLogo
from reporting.models.job import ExportJob
from reporting.models.statement import Statement

__all__ = ["BrandingLogo", "ExportJob", "Statement"]
