"""What a browser calls itself, said in words a person recognises."""

# The first mark found names it: the others are in the text for old compatibility's sake.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def browser_of(user_agent):
    """« Firefox sur Windows », from the User-Agent header."""
    browser = _named(BROWSERS, user_agent) or "Navigateur inconnu"
    system = _named(SYSTEMS, user_agent)
    return f"{browser} sur {system}" if system else browser


def _named(marks, user_agent):
    return next((name for mark, name in marks if mark in user_agent), "")
