"""What django-allauth asks the portal about second factors."""

from allauth.mfa.adapter import DefaultMFAAdapter

from clauses_portal.accounts.sealing import seal, unseal

WRONG_CODE = "Ce code est incorrect ou a déjà servi."
WRONG_PASSKEY = "Cette clé d’identification n’a pas été reconnue."


class SecondFactorAdapter(DefaultMFAAdapter):
    """Sealed secrets, the name of the portal, sentences of ours."""

    error_messages = DefaultMFAAdapter.error_messages | {"incorrect_code": WRONG_PASSKEY}

    def encrypt(self, text):
        return seal(text)

    def decrypt(self, encrypted_text):
        return unseal(encrypted_text)

    def _get_site_name(self):
        return "Clauses sociales 13"
