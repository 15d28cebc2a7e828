"""A market followed elsewhere from its operation to its end, brought in at once, then by the commands (C22)."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from facilitators.enums import KeyDirection
from markets.enums import LotState
from markets.models import Alert, Award, CountingRule, Lot
from reporting.enums import ExchangeOutcome as O
from reporting.enums import ExchangeTable as T
from tests.factories.facilitators import DirectorateFactory, siret
from tests.support.exchanged import both_ways, lines, package_of, person_line, recorded, tried, written

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
SIRET, OTHER = siret(1), siret(2)


@pytest.fixture
def whole(territory):
    """The tables of one market: two companies, one that left, somebody employed, an alert, all over."""
    place = {"direction": DirectorateFactory(code="DEC").code, "communes": territory.communes.first().pk}
    lot = {"marche": "M1", "territoire": territory.code, "clause": "execution", "decide_le": "2026-01-02"}
    lot |= {"debut": "2026-02-01", "fin": "2027-01-31", "heures_retenues": "1000"}
    award = {"lot": "L1", "role": "holder", "notifie_le": "2026-01-05"}
    contract = {"personne": "P1", "attribution": "A1", "employeur": SIRET, "modalite": "1", "type_contrat": "cdd"}
    alert = {"territoire": territory.code, "lot": "L1", "categorie": "A04", "gravite": "watch"}
    return {
        T.OPERATIONS: [{"reference": "O1", "numero": "2026-COL", "intitule": "Collège", **place}],
        T.MARKETS: [
            {"reference": "M1", "operation": "O1", "acheteur": SIRET, "numero": "26-1", "objet": "Gros œuvre"}
            | {"nature": "works", "tolerance_jours": "15"}
        ],
        T.LOTS: [{"reference": "L1", "numero": "7", "intitule": "Maçonnerie", "etat": "closed", **lot}],
        T.COMPANIES: [{"reference": "E1", "siret": SIRET, "nom": "Bâtir"}, {"reference": "E2", "siret": OTHER}],
        T.AWARDS: [
            # a subcontractor may come before the company it works for
            {"reference": "A2", "entreprise": "E2", "sous_traitant_de": "A1"} | award | {"role": "subcontractor"},
            {"reference": "A1", "entreprise": "E1", "heures_minimales": "1000", "heures_dues": "1200", **award}
            | {"quitte_le": "2026-08-31", "motif_depart": "termination"},
        ],
        T.PERSONS: [person_line(territory)],
        T.CONTRACTS: [{"reference": "C1", "poste": "Maçonne", "debut": "2026-02-01", "fin": "2026-07-31", **contract}],
        T.ALERTS: [{"reference": "X1", "description": "Retard.", "signalee_le": "2026-03-02", **alert}],
    }


def test_a_whole_market_is_taken_over(whole, territories, convention):
    run = recorded(tried(both_ways(territories), convention.structure, written(whole)))
    assert lines(run, O.REFUSED) == []
    assert {outcome for _, _, outcome, _ in lines(run)} == {O.RECORDED}
    lot = Lot.objects.get()
    assert (lot.number, lot.state, lot.decision.legal_basis) == ("7", LotState.CLOSED, "execution")
    assert lot.decision.decided_at.date().isoformat() == "2026-01-02"
    holder = Award.objects.with_objective().get(parent=None)
    assert (holder.objective, f"{holder.ended_on}", holder.subcontracts.count()) == (1200, "2026-08-31", 1)
    assert CountingRule.objects.get().tolerance_days == 15
    assert Alert.objects.get(lot=lot, category="A04").raised_on.date().isoformat() == "2026-03-02"


def test_a_market_without_a_lot_is_refused(whole, territories, convention):
    alone = {kind: whole[kind] for kind in (T.OPERATIONS, T.MARKETS)}
    run = recorded(tried(both_ways(territories), convention.structure, written(alone)))
    [(_, _, _, message)] = lines(run, O.REFUSED)
    assert message.startswith("Ce marché n’a aucun lot")


def test_the_commands_try_record_and_write(whole, territories, convention, tmp_path):
    user, structure = both_ways(territories), convention.structure
    package, out = tmp_path / "paquet.zip", StringIO()
    package.write_bytes(written(whole))
    who = {"structure": structure.siret, "by": user.email, "stdout": out}
    call_command("import_package", str(package), dry_run=True, **who)
    assert not Lot.objects.exists()
    call_command("import_package", str(package), **who)
    assert "Enregistrée : 10" in out.getvalue()
    with pytest.raises(CommandError, match="déjà été importé"):
        call_command("import_package", str(package), **who)
    back = tmp_path / "retour.zip"
    call_command("export_package", direction=KeyDirection.TO_FACILITATOR.value, output=str(back), **who)
    assert len(back.read_bytes()) == len(package_of(user, structure, KeyDirection.TO_FACILITATOR))
    with pytest.raises(CommandError, match="Aucun compte"):
        call_command("import_package", str(package), structure=structure.siret, by="personne@exemple.fr")
