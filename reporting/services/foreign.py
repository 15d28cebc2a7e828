"""A file of another program: received, its columns and values matched by a person, then handed to the trial (C22)."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.files import SPREADSHEETS, check_upload
from clauses_portal.core.jobs import JobState
from clauses_portal.core.services import checked_save, lock
from clauses_portal.core.tables import fits_headers, read_table, signature
from clauses_portal.core.text import search_key, tidy
from reporting.exchange.foreign.fields import fields_of, missing_from
from reporting.exchange.foreign.stored import pack, unpack
from reporting.exchange.foreign.trying import months_in
from reporting.exchange.recording import refuse_replay
from reporting.models import DataImport, SourceMapping
from reporting.services.data_imports import try_again

MOST_LINES = 5000
LACKING = "Il manque de quoi lire ce fichier : {columns}."
OVER = "Ce fichier est déjà enregistré, ou son essai est en cours : donnez-le de nouveau."
NOT_MATCHED = "Dites d’abord quelle colonne donne chaque information."
NO_TERRITORY = "Choisissez le territoire des lignes de ce fichier qui n’en disent pas."


def known_sources(structures):
    """The SourceMapping of these structures: what was said of their programs, the latest first in each."""
    rows = SourceMapping.objects.filter(structure__in=structures).select_related("structure", "saved_by")
    return rows.order_by("system", "table", "-saved_at")


@transaction.atomic
def receive_file(*, by, structure, system, kind, file_name, content, territory=None, year=None):
    """Read the table of a file (bytes of an XLSX, an ODS or a CSV) and keep it; nothing is tried. Returns a DataImport.

    `system`: the program it comes from; `kind`: the ExchangeTable it holds; `territory`: that of the lines that name
    none; `year`: of the months named alone. The columns matched for the same headers are found again. Raises
    DomainError when the file is refused (M15), Conflict (M12) when it was recorded, ValidationError.
    """
    checked = check_upload(file_name, content, allowed=SPREADSHEETS)
    refuse_replay(structure.pk, checked.sha256)
    table = read_table(checked.name, content, max_rows=MOST_LINES)
    run = DataImport(structure=structure, system=_spelt(structure, system), file_name=checked.name)
    run.sha256, run.content = checked.sha256, pack(table)
    run.manifest = {"foreign": kind, "territory": territory.code if territory else "", "year": year}
    run.mapping = _remembered(run, table.headers)
    run.asked_at = run.finished_on = timezone.now()
    run.asked_by, run.state = by, JobState.DONE
    checked_save(run)
    return run


def _spelt(structure, system):
    """The name of the program, as the structure already wrote it: « abc » and « ABC » are one."""
    rows = SourceMapping.objects.filter(structure=structure).order_by("pk")
    known = {search_key(name): name for name in rows.values_list("system", flat=True)}
    return known.get(search_key(system), tidy(system))


def _remembered(run, headers):
    """The SourceMapping of these headers, None when there is none that still fits."""
    rows = SourceMapping.objects.filter(structure=run.structure, system=run.system, table=run.manifest["foreign"])
    known = rows.filter(signature=signature(headers)).first()
    return known if known and fits_headers(known.columns, headers, fields_of(known.table)) else None


def table_of(run):
    """The `core.tables.Table` of a file received. Raises Conflict once it is recorded, or while it is tried."""
    if not run.content or run.recorded_on or not run.is_over or "foreign" not in run.manifest:
        raise Conflict(OVER)
    return unpack(run.content)


@transaction.atomic
def set_columns(*, run, columns, by):
    """Say which column is what, {field: index}: kept for the next file with the same headers.

    Raises DomainError when something without which nothing can be read is missing, Conflict when it is too late.
    """
    run = lock(DataImport.objects, run.pk)
    table, kind = table_of(run), run.manifest["foreign"]
    if lacking := missing_from(kind, columns, months_in(run, table, columns)):
        raise DomainError(LACKING.format(columns=", ".join(lacking)))
    _check_territory(run, columns)
    known = {"structure": run.structure, "system": run.system, "table": kind, "signature": signature(table.headers)}
    mapping = SourceMapping.objects.filter(**known).first() or SourceMapping(**known)
    mapping.columns = columns
    run.mapping = _saved(mapping, by)
    run.save(update_fields=["mapping"])
    return run


def _check_territory(run, columns):
    told = any(name.endswith("__territoire") for name in columns)
    needed = any(name.endswith("__territoire") for name in fields_of(run.manifest["foreign"]))
    if needed and not told and not run.manifest.get("territory"):
        raise DomainError(NO_TERRITORY)


def _saved(mapping, by):
    mapping.saved_at, mapping.saved_by = timezone.now(), by
    mapping.full_clean(exclude=["values"])  # there may be nothing to match
    mapping._history_user = by
    mapping.save()
    return mapping


@transaction.atomic
def set_values(*, run, values, by):
    """Say what the values mean, {field: {key: value, « » for none}}: added to what was said, and kept."""
    run = lock(DataImport.objects.select_related("mapping"), run.pk)
    table_of(run)
    if run.mapping is None:
        raise Conflict(NOT_MATCHED)
    mapping = lock(SourceMapping.objects, run.mapping_id)
    unknown = values.keys() - fields_of(mapping.table).keys()
    if unknown:
        raise ValidationError({"values": "Ces valeurs ne sont pas celles de ce fichier."})
    names = mapping.values.keys() | values.keys()
    mapping.values = {name: mapping.values.get(name, {}) | values.get(name, {}) for name in names}
    return _saved(mapping, by)


@transaction.atomic
def ask_trial(*, run, by):
    """Ask a worker to try the file as it is now matched: nothing is written before it is recorded."""
    run = lock(DataImport.objects, run.pk)
    table_of(run)
    if run.mapping_id is None:
        raise Conflict(NOT_MATCHED)
    return try_again(run, by=by)
