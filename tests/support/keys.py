"""A program that holds a key of access."""

import json
from types import SimpleNamespace

from django.utils import timezone

from facilitators.access_keys import create_key
from facilitators.enums import KeyDirection, KeyScope
from facilitators.models import Convention
from tests.factories.accounts import UserFactory
from tests.factories.facilitators import ConventionFactory
from tests.support.strictness import StrictClient


class KeyClient(StrictClient):
    """Sends JSON under `Authorization: Bearer`; addresses are given from /api/v1 on: `client.read("/lots")`."""

    # when and from where a key was last used
    writable = frozenset(
        {"facilitators_accesskey", "facilitators_keyaddress", "facilitators_notification", "accounts_journalentry"}
    )

    def __init__(self, key, text):
        super().__init__(headers={"authorization": f"Bearer {text}"})
        self.key, self.text, self.account = key, text, key.account

    def read(self, path, params=None, **options):
        return self.get(f"/api/v1{path}", params or {}, **options)

    def write(self, path, data, **options):
        return self._send(self.post, path, data, options)

    def change(self, path, data, **options):
        return self._send(self.patch, path, data, options)

    def _send(self, method, path, data, options):
        body = data if isinstance(data, bytes | str) else json.dumps(data)
        return method(f"/api/v1{path}", body, content_type="application/json", **options)


def program(*scopes, structure=None, direction=KeyDirection.TO_DEPARTMENT, label="Logiciel de suivi", **options):
    """A KeyClient holding a new key of these scopes, for the structure of the only convention unless given."""
    structure = structure or Convention.objects.in_force(timezone.localdate()).get().structure
    key, text = create_key(
        structure=structure, direction=direction, label=label, scopes=scopes, by=UserFactory(), **options
    )
    return KeyClient(key, text)


def key_rows(territory):
    """For the access matrix: the key of a structure of this territory alone, its convention over; a direction."""
    structure = ConventionFactory(territories=[territory], expired=True).structure
    holder = program(KeyScope.READ_MARKETS, structure=structure)
    return {"key": holder.key, "key_direction": SimpleNamespace(pk="vers-le-departement")}
