"""What moves keeps its sum, what left never changes, what is on a lot is in its territory.

- the two ledger lines of a transfer bear its hours, no more, no less (error 23503 otherwise);
- a transfer, minutes and letters never change once written (error 23R01);
- meetings and alerts of a lot carry the territory of that lot, and follow it.
"""

from django.db import migrations

MOVED = """
ALTER TABLE markets_objectiveentry ADD COLUMN moved_hours integer GENERATED ALWAYS AS (abs(hours)) STORED;
ALTER TABLE markets_objectiveentry ADD CONSTRAINT transfer_line_bears_its_hours
    FOREIGN KEY (transfer_id, moved_hours) REFERENCES markets_hourstransfer (id, hours);
CREATE TRIGGER transfer_is_frozen BEFORE UPDATE OR DELETE ON markets_hourstransfer
    FOR EACH ROW EXECUTE FUNCTION markets_ledger_only_grows();
"""
MOVED_BACK = """
DROP TRIGGER transfer_is_frozen ON markets_hourstransfer;
ALTER TABLE markets_objectiveentry DROP CONSTRAINT transfer_line_bears_its_hours;
ALTER TABLE markets_objectiveentry DROP COLUMN moved_hours;
"""
PAPERS = """
CREATE TRIGGER minutes_are_frozen BEFORE UPDATE OR DELETE ON markets_meetingminutes
    FOR EACH ROW EXECUTE FUNCTION markets_paper_is_frozen();
CREATE TRIGGER letter_is_frozen BEFORE UPDATE OR DELETE ON markets_penaltyletter
    FOR EACH ROW EXECUTE FUNCTION markets_paper_is_frozen();
"""
PAPERS_BACK = """
DROP TRIGGER letter_is_frozen ON markets_penaltyletter;
DROP TRIGGER minutes_are_frozen ON markets_meetingminutes;
"""
PLACES = """
ALTER TABLE markets_meeting ADD CONSTRAINT meeting_in_place_of_its_lot
    FOREIGN KEY (lot_id, territory_id) REFERENCES markets_lot (id, territory_id) ON UPDATE CASCADE;
ALTER TABLE markets_alert ADD CONSTRAINT alert_in_place_of_its_lot
    FOREIGN KEY (lot_id, territory_id) REFERENCES markets_lot (id, territory_id) ON UPDATE CASCADE;
"""
PLACES_BACK = """
ALTER TABLE markets_alert DROP CONSTRAINT alert_in_place_of_its_lot;
ALTER TABLE markets_meeting DROP CONSTRAINT meeting_in_place_of_its_lot;
"""


class Migration(migrations.Migration):
    dependencies = [("markets", "0007_after_the_award"), ("markets", "0004_frozen_papers")]
    operations = [
        migrations.RunSQL(MOVED, MOVED_BACK),
        migrations.RunSQL(PAPERS, PAPERS_BACK),
        migrations.RunSQL(PLACES, PLACES_BACK),
    ]
