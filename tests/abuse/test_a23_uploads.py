"""A23: whatever is given at a door, the answer is a French sentence, soon, and nothing harmful is kept."""

import re
import resource
from types import SimpleNamespace

import pytest
from django.core.cache import cache

from clauses_portal.core.jobs.worker import FAILED
from clauses_portal.core.models import FileScan
from facilitators.file_watch import scan_files
from markets.models import ImportRun
from tests.support.clamd import EICAR, clamd
from tests.support.doors import DOORS
from tests.support.hostile_files import NAMES, hostile
from tests.support.pages import errors

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

MOST_SECONDS = 5  # of processor, probe included
MOST_MEMORY = 256 * 1024  # kB more than before
REFUSALS = re.compile(
    r"Type de fichier refusé|Fichier trop volumineux|Ce fichier (?:est|pèse|contient|n’est|texte)"
    r"|Le fichier (?:soumis )?est vide|Cette image|Ce classeur|Ce paquet|Ce logo|protégé par un mot de passe"
)


@pytest.fixture(params=DOORS)
def door(request, as_role, territory, convention):
    cache.clear()
    place = SimpleNamespace(as_role=as_role, territory=territory, convention=convention)
    return DOORS[request.param](place)


def spent():
    """Seconds of processor, those of the probes it started too; kB this process took at most."""
    mine, made = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = mine.ru_utime + mine.ru_stime + made.ru_utime + made.ru_stime
    return seconds, mine.ru_maxrss


def refusal(door, response):
    """What the door says, « » when the file was taken."""
    if door.work and response.status_code == 302:
        door.work()
        run = ImportRun.objects.latest("pk")
        run.delete()
        assert run.error != FAILED
        return run.error
    if door.model is None:  # compared, then forgotten: what it says of it is no matter
        cache.clear()
        assert response.status_code in {200, 422}
        return "Type de fichier refusé"
    return " ".join(errors(response)) if response.status_code == 422 else ""


def test_a_hostile_file_is_refused_with_a_sentence_and_leaves_nothing(door):
    kept, taken, slow = door.kept(), [], {}
    memory = spent()[1]
    for name, content in hostile().items():
        before = spent()[0]
        said = refusal(door, door.give(name, content))
        if not REFUSALS.search(said):
            taken.append((name, said))
        if (seconds := spent()[0] - before) > MOST_SECONDS:
            slow[name] = seconds
    assert taken == []
    assert slow == {}
    assert door.kept() == kept
    assert spent()[1] - memory < MOST_MEMORY


def test_a_hostile_content_under_the_extension_it_wants_is_refused(door):
    """The same files, disguised as what the door takes."""
    extension, sound = door.sound
    kept, taken = door.kept(), []
    for name, content in hostile().items():
        if name in SOUND_ELSEWHERE or name.endswith(extension):
            continue
        said = refusal(door, door.give(f"document{extension}", content))
        if not REFUSALS.search(said):
            taken.append((name, said))
    assert taken == []
    assert door.kept() == kept


# Contents that do no harm under an extension of their own.
SOUND_ELSEWHERE = {"facture.pdf.exe", "sans-extension", "macros.docm", "macros.xlsm"}


def test_a_hostile_name_is_refused_or_made_harmless(door):
    extension, sound = door.sound
    for shape in NAMES:
        response = door.give(shape.format(extension), sound)
        assert response.status_code in {200, 302, 400, 422, 429}, shape
        cache.clear()
    for row in door.model.objects.all() if door.model else ():
        name = getattr(row, "file_name", "") or getattr(row, "name", "")
        assert not re.search(r'[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\ufeff/\\<>:"|?*]', name), name
        assert len(name) <= 200


def test_an_infected_file_is_kept_from_everybody(settings, as_role, territory, convention):
    """EICAR as a table: nothing but the antivirus can tell."""
    place = SimpleNamespace(as_role=as_role, territory=territory, convention=convention)
    door = DOORS["consultation"](place)
    with clamd(settings):
        assert door.give("mesures.csv", EICAR + b"\n").status_code == 302
        document = door.model.objects.get()
        url = f"/pieces/{document.pk}/"
        waiting = door.client.get(url)
        assert (waiting.status_code, "en cours d’analyse" in waiting.content.decode()) == (409, True)
        assert scan_files() == 1
        blocked = door.client.get(url)
        assert (blocked.status_code, "a trouvé un virus" in blocked.content.decode()) == (403, True)
        assert EICAR not in blocked.content
        again = DOORS["consultation"](place).give("autre-nom.csv", EICAR + b"\n")
        assert "Fichier refusé : l’antivirus y a trouvé un virus" in " ".join(errors(again))
    assert FileScan.objects.count() == 1
