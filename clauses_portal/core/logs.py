"""What a log must not keep: the secret of a private link, which opens what it leads to."""

import logging
import re

# /agenda/<secret>.ics and /entreprise/lien/<token>/
SECRET_LINK = re.compile(r"(/agenda/)[^/\s\"']+(?=\.ics)|(/entreprise/lien/)[^/\s\"']+")


class NoSecretLink(logging.Filter):
    """Hide the secret in the message of a record, wherever it goes next."""

    def filter(self, record):
        message = record.getMessage()
        hidden = SECRET_LINK.sub(r"\1\2…", message)
        if hidden != message:
            record.msg, record.args = hidden, ()
        return True
