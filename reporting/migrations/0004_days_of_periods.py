"""The days of the quarters already written: the only time the trigger of the published is put aside."""

from django.db import migrations

DAYS = """
ALTER TABLE reporting_statement DISABLE TRIGGER published_is_frozen;
UPDATE reporting_statement SET
    starts_on = make_date(left(period_code, 4)::int, 3 * right(period_code, 1)::int - 2, 1),
    ends_on = (make_date(left(period_code, 4)::int, 3 * right(period_code, 1)::int - 2, 1)
               + interval '3 months' - interval '1 day')::date;
ALTER TABLE reporting_statement ENABLE TRIGGER published_is_frozen;
UPDATE reporting_historicalstatement SET
    starts_on = make_date(left(period_code, 4)::int, 3 * right(period_code, 1)::int - 2, 1),
    ends_on = (make_date(left(period_code, 4)::int, 3 * right(period_code, 1)::int - 2, 1)
               + interval '3 months' - interval '1 day')::date;
"""


class Migration(migrations.Migration):
    dependencies = [("reporting", "0003_papers")]
    operations = [migrations.RunSQL(DAYS, migrations.RunSQL.noop)]
