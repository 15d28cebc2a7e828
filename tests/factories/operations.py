"""Operations and their calendar."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from operations.enums import FundingPeriod, MilestoneKind
from operations.models import Milestone, Operation
from tests.factories.facilitators import CommuneFactory, DirectorateFactory


class OperationFactory(DjangoModelFactory):
    """An operation in one commune, or in the `communes` given. Trait: european."""

    class Meta:
        model = Operation
        skip_postgeneration_save = True

    class Params:
        european = factory.Trait(funding_period=FundingPeriod.PERIOD_2021_2027)

    reference = factory.Sequence(lambda n: f"OP-{n}")
    title = factory.Sequence(lambda n: f"Réhabilitation du collège n° {n}")
    directorate = factory.SubFactory(DirectorateFactory)
    planned_start = date(2026, 1, 1)
    planned_end = date(2027, 12, 31)

    @factory.post_generation
    def communes(self, create, extracted, **kwargs):
        if create:
            self.communes.set(extracted if extracted is not None else [CommuneFactory()])


class MilestoneFactory(DjangoModelFactory):
    class Meta:
        model = Milestone

    operation = factory.SubFactory(OperationFactory)
    kind = MilestoneKind.PUBLICATION
    planned_on = date(2026, 3, 1)
