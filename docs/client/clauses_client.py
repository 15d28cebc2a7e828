"""Un client en ligne de commande de l’interface d’échange, écrit avec la seule bibliothèque de Python (3.11 ou plus).

Il ne sait rien du portail que ce que dit sa description : docs/openapi.json.

    export CLAUSES_URL=https://portail.example CLAUSES_CLE=csk_…
    python clauses_client.py ressources
    python clauses_client.py lire lots market=1001
    python clauses_client.py montrer lots 1001
    python clauses_client.py envoyer lots lots.json
    python clauses_client.py suivre lots depuis.json

La clé vient de l’environnement : elle ne paraît ni dans la commande, ni dans l’historique, ni dans une adresse.
"""

import argparse
import hashlib
import json
import os
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

PATIENCE = 60  # secondes
ATTEMPTS = 4
# Les horloges des deux côtés ne disent pas tout à fait la même heure.
OVERLAP = timedelta(minutes=5)


class Refused(Exception):
    """Le portail refuse : `problem` est le document application/problem+json."""

    def __init__(self, problem):
        super().__init__(problem.get("detail", "Demande refusée."))
        self.problem = problem

    def lines(self):
        """Les phrases à montrer, une par champ ou par ligne refusée."""
        yield f"{self.problem.get('status', '')} {self.problem.get('code', '')} : {self}"
        for error in self.problem.get("errors", ()):
            place = f"ligne {error['line']}, " if "line" in error else ""
            yield f"  {place}{error['field'] or 'demande'} : {error['message']}"


class NoRedirect(HTTPRedirectHandler):
    """Une redirection emporterait la clé ailleurs."""

    def redirect_request(self, *args, **kwargs):
        return None


class Client:
    """Lit et dépose ; recommence quand le portail est occupé, avec la même clé de répétition."""

    def __init__(self, root, key, *, pause=time.sleep):
        self.root, self.key, self.pause = root.rstrip("/"), key, pause
        self.opener = build_opener(NoRedirect)

    def call(self, method, address, body=None, *, repeat=None):
        """Le JSON de la réponse. `address` est un chemin du portail, ou l’adresse `next` d’une page."""
        if address.startswith("/"):
            address = self.root + address
        if not address.startswith(self.root + "/"):
            raise ValueError("Cette adresse n’est pas celle du portail.")
        headers = {"Authorization": f"Bearer {self.key}", "Accept": "application/json"}
        data = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            data = json.dumps(body, ensure_ascii=False).encode()
        if repeat:
            headers["Idempotency-Key"] = repeat
        request = Request(address, data=data, headers=headers, method=method)  # noqa: S310 (see `main`)
        return self._send(request, repeatable=data is None or repeat)

    def _send(self, request, *, repeatable):
        for attempt in range(ATTEMPTS):
            try:
                with self.opener.open(request, timeout=PATIENCE) as answer:
                    return json.load(answer)
            except HTTPError as error:
                wait = error.headers.get("Retry-After", "")
                if error.code not in {429, 503} or not repeatable or attempt == ATTEMPTS - 1:
                    raise Refused(_problem(error)) from error
                self.pause(min(int(wait) if wait.isdigit() else 2**attempt, PATIENCE))
        raise AssertionError("la dernière tentative répond ou refuse")

    def rows(self, resource, **asked):
        """Toutes les lignes d’une ressource, page après page."""
        address = f"/api/v1/{resource}" + (f"?{urlencode(asked)}" if asked else "")
        while address:
            page = self.call("GET", address)
            yield from page["items"]
            address = page["next"]

    def show(self, resource, identifier):
        return self.call("GET", f"/api/v1/{resource}/{int(identifier)}")

    def send(self, resource, lines):
        """Dépose ces lignes, toutes ou aucune. Envoyées deux fois, elles ne sont enregistrées qu’une fois."""
        body = {"items": lines}
        repeat = hashlib.sha256(json.dumps([resource, body], sort_keys=True).encode()).hexdigest()
        return self.call("POST", f"/api/v1/{resource}/bulk", body, repeat=repeat)["items"]

    def follow(self, resource, memory):
        """Les lignes créées ou modifiées depuis la dernière fois, dont `memory` (un fichier) garde le moment."""
        now = datetime.now(UTC) - OVERLAP
        known = json.loads(memory.read_text(encoding="utf-8")) if memory.exists() else {}
        asked = {"modified_since": known[resource]} if resource in known else {}
        yield from self.rows(resource, **asked)
        known[resource] = now.isoformat(timespec="seconds")
        memory.write_text(json.dumps(known, indent=2), encoding="utf-8")


def _problem(error):
    """Le refus tel que le portail l’écrit ; autrement ce qu’en dit le protocole."""
    try:
        told = json.load(error)
    except ValueError:
        told = None
    return told if isinstance(told, dict) else {"status": error.code, "code": "", "detail": str(error.reason)}


def resources(client):
    """Les ressources de la description, et ce qu’on peut y faire."""
    paths = client.call("GET", "/api/v1/openapi.json")["paths"]
    return [
        f"{method.upper():6} {path}  {told.get('summary', '')}"
        for path, methods in paths.items()
        for method, told in methods.items()
    ]


def main(arguments=None, *, out=print):
    """Exécute une commande. Rend 0, ou 1 quand le portail refuse."""
    asked = _arguments().parse_args(arguments)
    root, key = os.environ.get("CLAUSES_URL", ""), os.environ.get("CLAUSES_CLE", "")
    if not (root.startswith(("https://", "http://127.0.0.1", "http://localhost")) and key):
        out("Indiquez l’adresse du portail (CLAUSES_URL, en https) et la clé (CLAUSES_CLE) dans l’environnement.")
        return 1
    try:
        for line in asked.run(Client(root, key), asked):
            out(line if isinstance(line, str) else json.dumps(line, ensure_ascii=False))
    except Refused as refused:
        for line in refused.lines():
            out(line)
        return 1
    return 0


def _arguments():
    parser = argparse.ArgumentParser(description="Client de l’interface d’échange des clauses sociales.")
    commands = parser.add_subparsers(required=True, metavar="commande")
    commands.add_parser("ressources", help="ce qui se lit et se dépose").set_defaults(run=lambda c, a: resources(c))
    reads = commands.add_parser("lire", help="toutes les lignes d’une ressource")
    reads.add_argument("resource", metavar="ressource")
    reads.add_argument("filters", nargs="*", metavar="nom=valeur")
    reads.set_defaults(run=lambda c, a: c.rows(a.resource, **dict(one.split("=", 1) for one in a.filters)))
    shows = commands.add_parser("montrer", help="une ligne")
    shows.add_argument("resource", metavar="ressource")
    shows.add_argument("identifier", type=int, metavar="identifiant")
    shows.set_defaults(run=lambda c, a: [c.show(a.resource, a.identifier)])
    sends = commands.add_parser("envoyer", help="déposer les lignes d’un fichier JSON (une liste)")
    sends.add_argument("resource", metavar="ressource")
    sends.add_argument("file", type=Path, metavar="fichier")
    sends.set_defaults(run=lambda c, a: c.send(a.resource, json.loads(a.file.read_text(encoding="utf-8"))))
    follows = commands.add_parser("suivre", help="ce qui a changé depuis la dernière fois")
    follows.add_argument("resource", metavar="ressource")
    follows.add_argument("memory", type=Path, metavar="mémoire")
    follows.set_defaults(run=lambda c, a: c.follow(a.resource, a.memory))
    return parser


if __name__ == "__main__":
    sys.exit(main())
