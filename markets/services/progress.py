"""How far the works of a lot have gone: what the hours done are compared with (domain.md §12 n° 33)."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from clauses_portal.core.services import lock, validated_save
from markets.models import Lot, PhysicalProgress

IN_THE_FUTURE = "L’avancement se constate : indiquez une date passée ou celle du jour."


@transaction.atomic
def record_progress(*, lot, percent, observed_on, by):
    """Record the share (%) of the works done on a day; recorded twice for a day, it is corrected.

    Raises ValidationError on a day to come, or a share beyond 100 %.
    """
    lot = lock(Lot.objects, lot.pk)
    if observed_on > timezone.localdate():
        raise ValidationError({"observed_on": IN_THE_FUTURE})
    same_day = PhysicalProgress.objects.filter(lot=lot, observed_on=observed_on).first()
    observation = same_day or PhysicalProgress(lot=lot, observed_on=observed_on)
    observation.percent = percent
    observation.recorded_at, observation.recorded_by = timezone.now(), by
    return validated_save(observation, by=by)
