"""Receiving a file: what could not be written whole is let go at once."""

from contextlib import suppress

from django.core.files.uploadhandler import TemporaryFileUploadHandler


class TidyUploadHandler(TemporaryFileUploadHandler):
    """As Django’s. On a full disk the half that was written would keep the room, and its file open, for a while."""

    def receive_data_chunk(self, raw_data, start):
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError:
            with suppress(OSError):  # closing writes what is left, which does not fit either
                self.upload_interrupted()
            raise
