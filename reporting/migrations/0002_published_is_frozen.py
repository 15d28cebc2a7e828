"""What was sent does not change: a published statement can be neither altered nor deleted (M20, A27)."""

from django.db import migrations

FROZEN = """
CREATE FUNCTION reporting_published_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a published statement never changes' USING ERRCODE = '23R01';
END $$;
CREATE TRIGGER published_is_frozen BEFORE UPDATE OR DELETE ON reporting_statement
    FOR EACH ROW WHEN (OLD.state = 'published') EXECUTE FUNCTION reporting_published_is_frozen();
"""
FROZEN_BACK = """
DROP TRIGGER published_is_frozen ON reporting_statement;
DROP FUNCTION reporting_published_is_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("reporting", "0001_initial"), ("participants", "0002_temporal_keys")]
    operations = [migrations.RunSQL(FROZEN, FROZEN_BACK)]
