"""What a log must not keep: a secret, which opens what it leads to, wherever a line of the log comes from."""

import logging
import re

# /agenda/<secret>.ics, /entreprise/lien/<token>/, and an access key somebody put where it does not belong
SECRET = re.compile(
    r"(/agenda/)[^/\s\"']+(?=\.ics)|(/entreprise/lien/)[^/\s\"']+"
    r"|((?:cle|cl%C3%A9|clé|key|api_key|apikey|access_key|token|authorization)=)[^&\s\"']+|(csk_)[A-Za-z0-9_-]+",
    re.IGNORECASE,
)


def hide(text):
    """The text, each secret replaced by « … »."""
    return SECRET.sub(lambda found: f"{next(filter(None, found.groups()))}…", text)


class NoSecretFormatter(logging.Formatter):
    """Hides secrets in the whole line: message, and traceback when there is one."""

    def format(self, record):
        return hide(super().format(record))
