"""Rows that keep what a person or a program deposited: the antivirus reads it before anybody takes it away."""

import hashlib


class Deposited:
    """Mixin of a model that keeps a deposited content.

    `deposited_field` holds the bytes; `digest_column` their SHA-256, « » when it is reckoned from them.
    """

    deposited_field = "content"
    digest_column = "sha256"

    @property
    def deposited_content(self):
        """The bytes kept, b"" when there are none (any more)."""
        return bytes(getattr(self, self.deposited_field) or b"")

    @property
    def deposited_digest(self):
        """The SHA-256 (hexadecimal) under which the content is scanned, « » when nothing was deposited."""
        if self.digest_column:
            return getattr(self, self.digest_column)
        content = self.deposited_content
        return hashlib.sha256(content).hexdigest() if content else ""
