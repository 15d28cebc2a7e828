import pytest, time
from django.db import transaction
from django.utils import timezone
def test_full(django_db_setup, django_db_blocker):
    from reporting.demo.seed import build
    from reporting.demo.calendar import DemoCalendar
    from reporting.demo.world import SCALES
    from reporting.consistency import differences
    with django_db_blocker.unblock(), transaction.atomic():
        t=time.time()
        made = build(DemoCalendar(timezone.localdate()), SCALES["full"])
        print(made, time.time()-t)
        assert {k: v for k, v in differences().items() if v} == {}
        transaction.set_rollback(True)
