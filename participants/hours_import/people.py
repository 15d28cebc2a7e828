"""Whose line is it? The people of a company in a territory, read once; names in either order, birth date when told."""

from collections import defaultdict

from django.db.models import Q

from clauses_portal.core.periods import month_range
from clauses_portal.core.text import search_key
from participants.enums import Modality
from participants.matching import Identity, match_keys, same_person_score
from participants.models import EmploymentContract, Participant

# Without a birth date, names in either order; a particle or a part less is not enough (see participants.matching).
ENOUGH_BY_NAME, ENOUGH = 55, 60
CLOSE = 5  # two scores this near are two candidates
HOMONYMS = "Plusieurs personnes portent ce nom ici : ajoutez la date de naissance au relevé."
MOST_WORDS = 6


class People:
    """The contracts of a company in a territory, as employer or as user of lent people, and who they are of."""

    def __init__(self, company, territory):
        hosted = Q(host=company) | Q(modality=Modality.SECONDMENT, host=None, award__company=company)
        rows = EmploymentContract.objects.filter(Q(employer=company) | hosted, territory=territory)
        rows = rows.select_related("participant", "employer", "award", "market", "lot__market__counting_rule")
        rows = rows.order_by("starts_on", "pk")
        self.company, self.territory = company, territory
        self.contracts, self.persons, self.keys = defaultdict(list), {}, defaultdict(set)
        for contract in rows:
            self.contracts[contract.participant_id].append(contract)
            self._know(contract.participant)
        self._found = {}

    def _know(self, person):
        if person.pk not in self.persons:
            self.persons[person.pk] = person
            for key in match_keys(person):
                self.keys[key].add(person.pk)

    def meet(self, lines):
        """Also know the people of the territory these lines may name though the company has no contract of theirs."""
        strangers = [line for line in lines if self.find(line)[0] is None]
        keys = {key for line in strangers for key in match_keys(_identity(line))}
        others = Participant.objects.current().filter(territory=self.territory, match_keys__overlap=list(keys))
        for person in others:
            self._know(person)
        self._found.clear()

    def find(self, line):
        """(Participant, "") of a line, or (None, why) when nobody or several may be meant."""
        if line.key not in self._found:
            self._found[line.key] = self._search(line)
        return self._found[line.key]

    def _search(self, line):
        identity = _identity(line)
        ids = set().union(*(self.keys.get(key, ()) for key in match_keys(identity)))
        scored = sorted(((_score(line, self.persons[pk]), pk) for pk in ids), reverse=True)
        least = ENOUGH if line.birth_date else ENOUGH_BY_NAME
        scored = [(score, pk) for score, pk in scored if score >= least]
        if not scored:
            return None, ""
        if len(scored) > 1 and scored[0][0] - scored[1][0] < CLOSE:
            return None, HOMONYMS
        return self.persons[scored[0][1]], ""

    def running(self, person, month):
        """Contracts of this person here that run in the month, those the company employs before those it hosts."""
        first, last = month_range(month)
        running = [
            contract
            for contract in self.contracts[person.pk]
            if contract.starts_on <= last and (contract.ends_on is None or contract.ends_on >= first)
        ]
        employed = [contract for contract in running if contract.employer_id == self.company.pk]
        return employed or running


def named(contracts, reference):
    """Of several contracts, those whose market, and lot if told, this text names; all of them when it names none."""
    words = f" {search_key(reference)} "
    by_market = [row for row in contracts if f" {search_key(row.market.number)} " in words]
    by_lot = [row for row in by_market or contracts if f" lot {search_key(row.lot.number)} " in words]
    return by_lot or by_market or contracts


def _identity(line):
    """In one column or two, in either order: the keys of a name do not depend on it."""
    return Identity(line.first_name, line.last_name, line.birth_date)


def _score(line, person):
    """The best score over the ways one column may be cut in two names."""
    if line.first_name:
        return same_person_score(_identity(line), person).score
    words = line.last_name.split()[:MOST_WORDS]
    cuts = [
        Identity(" ".join(words[at:]), " ".join(words[:at]), line.birth_date) for at in range(1, max(len(words), 2))
    ]
    return max(same_person_score(cut, person).score for cut in cuts)
