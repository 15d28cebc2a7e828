"""Contracts: every type and modality, the employer that goes with each."""

from itertools import cycle

from markets.enums import AwardRole
from participants.enums import ContractType, EndReason, Modality
from participants.models import EmploymentContract
from participants.services.contracts import sign_contract
from reporting.demo.history import backdate

T, R = ContractType, EndReason
OPEN_ENDED = {T.CDI, T.SITE, T.PERMANENT_TEMP}
DIRECT = [T.CDD, T.CDDU, T.CDI, T.CDD, T.SITE, T.PEC, T.APPRENTICESHIP, T.CDD, T.PROFESSIONALISATION, T.CDD, T.OTHER]
# what each kind of lender signs
LENT = {
    "etti": [T.TEMPORARY, T.TEMPORARY, T.TEMPORARY, T.PERMANENT_TEMP],
    "ai": [T.CDD],
    "geiq": [T.PROFESSIONALISATION, T.APPRENTICESHIP, T.CDD],
    "ett": [T.TEMPORARY],
}
END_OF_FIXED_TERM = [R.TERM, R.TERM, R.HIRED, R.TERM, R.TERM, R.EMPLOYEE, R.TERM, R.TERM, R.HIRED, R.TERM]
END_OF_FIXED_TERM += [R.TRIAL, R.TERM, R.TERM, R.TERM, R.OTHER, R.TERM]
END_OF_OPEN_ENDED = [R.AGREED, R.HIRED, R.TRIAL, R.EMPLOYEE, R.EMPLOYER]


class Office:
    """Signs the contracts of the stints, each kind in turn."""

    def __init__(self, world, companies):
        self.world, self.dice, self.companies = world, world.dice, companies
        self.lenders = cycle(companies.lenders())
        self.direct, self.lent = cycle(DIRECT), {kind: cycle(types) for kind, types in LENT.items()}
        self.ends = {True: cycle(END_OF_OPEN_ENDED), False: cycle(END_OF_FIXED_TERM)}

    def sign(self, worker, stint):
        """Sign the contract of a stint, by the service, then date it. Returns EmploymentContract."""
        award, employer, modality, contract_type = self._terms(stint.site)
        ends_on, end_reason = self._end(stint, contract_type)
        contract = EmploymentContract(
            participant=worker.person,
            award=award,
            employer=employer,
            modality=modality,
            contract_type=contract_type,
            job_title=stint.site.trade["job"],
            rome_code=stint.site.trade["rome"],
            starts_on=stint.starts_on,
            ends_on=ends_on,
            end_reason=end_reason,
        )
        by = self.world.facilitators[stint.site.lot.territory.code]
        contract = sign_contract(contract=contract, by=by)
        backdate(contract, stint.starts_on)
        self.world.made["contrats"] += 1
        return contract

    def _terms(self, site):
        """(award, employer, modality, type of contract) of a new stint on this lot."""
        award = self._award(site)
        if award.role == AwardRole.SUBCONTRACTOR:
            return award, award.company, Modality.SUBCONTRACT, T.CDDI
        if site.team == "insertion":
            return award, award.company, Modality.DIRECT, T.CDDI
        if self.dice.random() < 0.5:
            lender = next(self.lenders)
            return award, lender, Modality.SECONDMENT, next(self.lent[self.companies.kind_of(lender)])
        return award, award.company, Modality.DIRECT, next(self.direct)

    def _award(self, site):
        """The company that answers: the structure for a third of the stints, the partner for two fifths."""
        if len(site.awards) == 1:
            return site.awards[0]
        second = 0.35 if site.awards[1].role == AwardRole.SUBCONTRACTOR else 0.4
        return site.awards[1 if self.dice.random() < second else 0]

    def _end(self, stint, contract_type):
        """(last day or None, reason): what goes on has no reason yet, and a last day when it is a fixed term."""
        open_ended = contract_type in OPEN_ENDED
        if stint.ends_on:
            return stint.ends_on, next(self.ends[open_ended])
        if open_ended:
            return None, ""
        planned = self.world.calendar.day(self.dice.randint(1, 4), 28)
        return min(planned, stint.site.lot.ends_on), ""
