"""The ledger of objectives only grows, and a subcontract stays on the lot of its parent."""

from django.db import migrations

LEDGER = """
CREATE FUNCTION markets_ledger_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a line of the ledger never changes' USING ERRCODE = '23R01';
END $$;
CREATE TRIGGER ledger_only_grows BEFORE UPDATE OR DELETE ON markets_objectiveentry
    FOR EACH ROW EXECUTE FUNCTION markets_ledger_only_grows();
"""
LEDGER_BACK = """
DROP TRIGGER ledger_only_grows ON markets_objectiveentry;
DROP FUNCTION markets_ledger_only_grows();
"""
PARENT = """
ALTER TABLE markets_award ADD CONSTRAINT award_parent_on_same_lot
    FOREIGN KEY (parent_id, lot_id) REFERENCES markets_award (id, lot_id);
"""
PARENT_BACK = "ALTER TABLE markets_award DROP CONSTRAINT award_parent_on_same_lot;"


class Migration(migrations.Migration):
    dependencies = [("markets", "0001_initial")]
    operations = [migrations.RunSQL(LEDGER, LEDGER_BACK), migrations.RunSQL(PARENT, PARENT_BACK)]
