"""What a log must not keep: the secret of a private link, which opens what it leads to."""

import logging
import re

# /agenda/<secret>.ics, /entreprise/lien/<token>/, and an access key somebody put where it does not belong
SECRET_LINK = re.compile(
    r"(/agenda/)[^/\s\"']+(?=\.ics)|(/entreprise/lien/)[^/\s\"']+"
    r"|((?:cle|cl%C3%A9|key|api_key|apikey|access_key|token)=)[^&\s\"']+|(csk_)[A-Za-z0-9_-]+",
    re.IGNORECASE,
)


class NoSecretLink(logging.Filter):
    """Hide the secret in the message of a record, wherever it goes next."""

    def filter(self, record):
        message = record.getMessage()
        hidden = SECRET_LINK.sub(lambda found: f"{next(filter(None, found.groups()))}…", message)
        if hidden != message:
            record.msg, record.args = hidden, ()
        return True
