"""The telephone of somebody: the codes that her application gives."""

import re
import time

from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value

from tests.support.pages import document, words

STEP = 30  # seconds a code lasts


class Telephone:
    """An application of codes, given the secret of an account."""

    def __init__(self, secret):
        self.secret = re.sub(r"\s", "", secret)

    def code(self, later=0):
        """The code it shows now, or so many codes later."""
        return format_hotp_value(hotp_value(self.secret, int(time.time()) // STEP + later))

    def wrong_code(self):
        """Six digits that it shows neither now, nor just before, nor just after."""
        near = {self.code(-1), self.code(), self.code(1)}
        return next(code for code in ("000000", "111111", "222222", "333333") if code not in near)


def telephone_of(user):
    """An application already set up as the second factor of this account."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return Telephone(secret)


def secret_shown(page):
    """The secret written on the page that sets an application up."""
    return document(page).xpath("string(//code[@class='secret'])")


def codes_shown(page):
    """The recovery codes of the page."""
    return [word for word in words(page).split() if re.fullmatch(r"\d{8}", word)]
