"""`<export:file_format>` in an address: xlsx, ods or csv, nothing else."""

from django.urls import register_converter

from clauses_portal.core.exports.columns import Format


class FormatConverter:
    """Text of the address from and to a `Format`."""

    regex = "|".join(Format)

    def to_python(self, value):
        return Format(value)

    def to_url(self, value):
        return Format(value).value


register_converter(FormatConverter, "export")
