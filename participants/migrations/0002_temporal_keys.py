"""The rule that shapes everything, held by the database (design.md §1, ADR 0002).

- granted validations of a person never overlap;
- counted hours refer, with PERIOD, to granted validations that cover their days (error 23503 otherwise);
- hours and contracts carry the place of their lot, and cannot lie about it;
- the hours of a closed quarter no longer change (error 23R02).
The temporal key is checked at the end of the transaction's statement by default and may be deferred, so that a
revocation and the recount it brings stand in one transaction.
"""

from django.db import migrations

TEMPORAL_KEY = """
ALTER TABLE participants_eligibilityvalidation ADD CONSTRAINT validation_granted_once
    UNIQUE (participant_id, granted_period WITHOUT OVERLAPS);
ALTER TABLE participants_hoursentry ADD CONSTRAINT hours_need_a_validation
    FOREIGN KEY (participant_id, PERIOD counted_period)
    REFERENCES participants_eligibilityvalidation (participant_id, PERIOD granted_period)
    DEFERRABLE INITIALLY IMMEDIATE;
"""
TEMPORAL_KEY_BACK = """
ALTER TABLE participants_hoursentry DROP CONSTRAINT hours_need_a_validation;
ALTER TABLE participants_eligibilityvalidation DROP CONSTRAINT validation_granted_once;
"""
PLACES = """
ALTER TABLE participants_employmentcontract ADD CONSTRAINT contract_award_on_lot
    FOREIGN KEY (award_id, lot_id) REFERENCES markets_award (id, lot_id);
ALTER TABLE participants_employmentcontract ADD CONSTRAINT contract_lot_in_place
    FOREIGN KEY (lot_id, market_id, territory_id) REFERENCES markets_lot (id, market_id, territory_id);
ALTER TABLE participants_hoursentry ADD CONSTRAINT hours_follow_contract
    FOREIGN KEY (contract_id, participant_id, territory_id, market_id, lot_id)
    REFERENCES participants_employmentcontract (id, participant_id, territory_id, market_id, lot_id);
"""
PLACES_BACK = """
ALTER TABLE participants_hoursentry DROP CONSTRAINT hours_follow_contract;
ALTER TABLE participants_employmentcontract DROP CONSTRAINT contract_lot_in_place;
ALTER TABLE participants_employmentcontract DROP CONSTRAINT contract_award_on_lot;
"""
CLOSED = """
CREATE FUNCTION participants_refuse_closed_hours() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    entry participants_hoursentry := COALESCE(NEW, OLD);
BEGIN
    -- waits for a closing under way on this territory, which locks its row for update
    PERFORM 1 FROM facilitators_territory WHERE id = entry.territory_id FOR SHARE;
    IF EXISTS (
        SELECT 1 FROM participants_closedperiod closed
        WHERE closed.territory_id = entry.territory_id
          AND closed.quarter_start IN (
              date_trunc('quarter', entry.starts_on::timestamp)::date,
              date_trunc('quarter', OLD.starts_on::timestamp)::date
          )
    ) THEN
        RAISE EXCEPTION 'this quarter is closed' USING ERRCODE = '23R02';
    END IF;
    RETURN entry;
END $$;
CREATE TRIGGER refuse_closed_hours BEFORE INSERT OR UPDATE OR DELETE ON participants_hoursentry
    FOR EACH ROW EXECUTE FUNCTION participants_refuse_closed_hours();
"""
CLOSED_BACK = """
DROP TRIGGER refuse_closed_hours ON participants_hoursentry;
DROP FUNCTION participants_refuse_closed_hours();
"""


class Migration(migrations.Migration):
    dependencies = [("participants", "0001_initial"), ("markets", "0002_ledger")]
    operations = [
        migrations.RunSQL(TEMPORAL_KEY, TEMPORAL_KEY_BACK),
        migrations.RunSQL(PLACES, PLACES_BACK),
        migrations.RunSQL(CLOSED, CLOSED_BACK),
    ]
