"""Is this document one of ours? Yes or no, and nothing else: neither what it is, nor of whom, nor of when."""

import re

from reporting.models import ExecutionCertificate, Statement, StatementFile

GROUPS = slice(0, 4), slice(4, 8), slice(8, None)


def tidy_code(typed):
    """« 7k3m q9xd–2tbw » as it is printed: « 7K3M-Q9XD-2TBW »."""
    signs = re.sub(r"[^0-9A-Z]", "", typed.upper())
    return "-".join(signs[group] for group in GROUPS)


def is_authentic(*, code, sha256=None):
    """True when this code is that of a published statement, replaced since or not, or of an execution certificate.

    With the digest of a file (hexadecimal), that file must be theirs too. The same three questions are asked of the
    database whatever the answer, so that its delay tells nothing.
    """
    code = tidy_code(code)
    sent = Statement.objects.published().filter(verification_code=code)
    digests = {
        *sent.values_list("sha256", flat=True),
        *StatementFile.objects.filter(statement__in=sent).values_list("sha256", flat=True),
        *ExecutionCertificate.objects.filter(verification_code=code).values_list("sha256", flat=True),
    }
    return bool(digests) if sha256 is None else sha256 in digests
