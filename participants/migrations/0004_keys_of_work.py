"""What the database holds of the work itself (design.md §1; domain.md §4.6).

- counted hours refer to granted validations, unless a régularisation has cancelled them;
- hours stay within the days of their contract (error 23503), and follow it when two files of a person are merged;
- a month that was sent is closed to its hours: only whose they are and what cancels them may still be written;
- what cancels an entry takes away exactly its counted hours (error 23R03);
- postings and exits are where their lot is; certificates never change (error 23R01).
"""

from django.db import migrations

TEMPORAL_KEYS = """
ALTER TABLE participants_hoursentry ADD CONSTRAINT hours_need_a_validation
    FOREIGN KEY (participant_id, PERIOD counted_period)
    REFERENCES participants_eligibilityvalidation (participant_id, PERIOD granted_period)
    DEFERRABLE INITIALLY IMMEDIATE;
ALTER TABLE participants_employmentcontract ADD CONSTRAINT contract_days
    UNIQUE (id, period WITHOUT OVERLAPS);
ALTER TABLE participants_hoursentry ADD CONSTRAINT hours_within_contract
    FOREIGN KEY (contract_id, PERIOD period)
    REFERENCES participants_employmentcontract (id, PERIOD period)
    DEFERRABLE INITIALLY IMMEDIATE;
ALTER TABLE participants_hoursentry ALTER CONSTRAINT hours_follow_contract DEFERRABLE INITIALLY IMMEDIATE;
"""
TEMPORAL_KEYS_BACK = """
ALTER TABLE participants_hoursentry ALTER CONSTRAINT hours_follow_contract NOT DEFERRABLE;
ALTER TABLE participants_hoursentry DROP CONSTRAINT hours_within_contract;
ALTER TABLE participants_employmentcontract DROP CONSTRAINT contract_days;
"""
CLOSED = """
CREATE OR REPLACE FUNCTION participants_refuse_closed_hours() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    entry participants_hoursentry := COALESCE(NEW, OLD);
BEGIN
    -- no figure moves: the hours of two merged files, or an entry that a régularisation cancels
    IF TG_OP = 'UPDATE' AND
        (NEW.contract_id, NEW.territory_id, NEW.market_id, NEW.lot_id, NEW.starts_on, NEW.ends_on, NEW.booked_in,
         NEW.nature, NEW.declared, NEW.counted, NEW.rejected, NEW.pending, NEW.rejection_reason, NEW.withheld)
        IS NOT DISTINCT FROM
        (OLD.contract_id, OLD.territory_id, OLD.market_id, OLD.lot_id, OLD.starts_on, OLD.ends_on, OLD.booked_in,
         OLD.nature, OLD.declared, OLD.counted, OLD.rejected, OLD.pending, OLD.rejection_reason, OLD.withheld)
    THEN
        RETURN NEW;
    END IF;
    -- waits for a closing under way on this territory, which locks its row for update
    PERFORM 1 FROM facilitators_territory WHERE id = entry.territory_id FOR SHARE;
    IF EXISTS (
        SELECT 1 FROM participants_closedperiod closed
        WHERE closed.territory_id = entry.territory_id
          AND closed.quarter_start IN (
              date_trunc('quarter', COALESCE(entry.booked_in, entry.starts_on)::timestamp)::date,
              date_trunc('quarter', COALESCE(OLD.booked_in, OLD.starts_on)::timestamp)::date
          )
    ) THEN
        RAISE EXCEPTION 'this quarter is closed' USING ERRCODE = '23R02';
    END IF;
    RETURN entry;
END $$;
"""
CLOSED_BACK = """
CREATE OR REPLACE FUNCTION participants_refuse_closed_hours() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    entry participants_hoursentry := COALESCE(NEW, OLD);
BEGIN
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
"""
CANCELLED = """
CREATE FUNCTION participants_check_cancellation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.cancellation_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM participants_hoursentry correction
        WHERE correction.id = NEW.cancellation_id
          AND correction.booked_in IS NOT NULL
          AND (correction.contract_id, correction.nature, correction.starts_on, correction.ends_on)
              = (NEW.contract_id, NEW.nature, NEW.starts_on, NEW.ends_on)
          AND correction.counted = -NEW.counted
    ) THEN
        RAISE EXCEPTION 'a cancellation takes away exactly what was counted' USING ERRCODE = '23R03';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER check_cancellation BEFORE INSERT OR UPDATE ON participants_hoursentry
    FOR EACH ROW WHEN (NEW.cancellation_id IS NOT NULL) EXECUTE FUNCTION participants_check_cancellation();
CREATE FUNCTION participants_keep_cancellation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM participants_hoursentry WHERE cancellation_id = OLD.id) THEN
        RAISE EXCEPTION 'this correction cancels an entry' USING ERRCODE = '23R03';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER keep_cancellation BEFORE UPDATE OF declared, counted, rejected, pending, booked_in, starts_on, ends_on
    ON participants_hoursentry
    FOR EACH ROW WHEN (OLD.booked_in IS NOT NULL) EXECUTE FUNCTION participants_keep_cancellation();
"""
CANCELLED_BACK = """
DROP TRIGGER keep_cancellation ON participants_hoursentry;
DROP FUNCTION participants_keep_cancellation();
DROP TRIGGER check_cancellation ON participants_hoursentry;
DROP FUNCTION participants_check_cancellation();
"""
PLACES = """
ALTER TABLE participants_jobposting ADD CONSTRAINT posting_award_on_lot
    FOREIGN KEY (award_id, lot_id) REFERENCES markets_award (id, lot_id);
ALTER TABLE participants_jobposting ADD CONSTRAINT posting_in_place_of_its_lot
    FOREIGN KEY (lot_id, territory_id) REFERENCES markets_lot (id, territory_id) ON UPDATE CASCADE;
ALTER TABLE participants_exitsituation ADD CONSTRAINT exit_award_on_lot
    FOREIGN KEY (award_id, lot_id) REFERENCES markets_award (id, lot_id);
ALTER TABLE participants_exitsituation ADD CONSTRAINT exit_in_place_of_its_lot
    FOREIGN KEY (lot_id, market_id, territory_id) REFERENCES markets_lot (id, market_id, territory_id);
"""
PLACES_BACK = """
ALTER TABLE participants_exitsituation DROP CONSTRAINT exit_in_place_of_its_lot;
ALTER TABLE participants_exitsituation DROP CONSTRAINT exit_award_on_lot;
ALTER TABLE participants_jobposting DROP CONSTRAINT posting_in_place_of_its_lot;
ALTER TABLE participants_jobposting DROP CONSTRAINT posting_award_on_lot;
"""
PAPERS = """
CREATE TRIGGER eligibility_certificate_is_frozen BEFORE UPDATE OR DELETE ON participants_eligibilitycertificate
    FOR EACH ROW EXECUTE FUNCTION markets_paper_is_frozen();
CREATE TRIGGER work_certificate_is_frozen BEFORE UPDATE OR DELETE ON participants_workcertificate
    FOR EACH ROW EXECUTE FUNCTION markets_paper_is_frozen();
"""
PAPERS_BACK = """
DROP TRIGGER work_certificate_is_frozen ON participants_workcertificate;
DROP TRIGGER eligibility_certificate_is_frozen ON participants_eligibilitycertificate;
"""


class Migration(migrations.Migration):
    dependencies = [("participants", "0003_work_after_award"), ("markets", "0008_moved_hours_and_papers")]
    operations = [
        migrations.RunSQL(TEMPORAL_KEYS, TEMPORAL_KEYS_BACK),
        migrations.RunSQL(CLOSED, CLOSED_BACK),
        migrations.RunSQL(CANCELLED, CANCELLED_BACK),
        migrations.RunSQL(PLACES, PLACES_BACK),
        migrations.RunSQL(PAPERS, PAPERS_BACK),
    ]
