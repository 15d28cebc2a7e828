"""A produced document never changes, nor a grid in force: what was sent, and what decisions were made with."""

from django.db import migrations

FROZEN = """
CREATE FUNCTION markets_paper_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a produced document never changes' USING ERRCODE = '23R01';
END $$;
CREATE TRIGGER document_is_frozen BEFORE UPDATE OR DELETE ON markets_contractdocument
    FOR EACH ROW EXECUTE FUNCTION markets_paper_is_frozen();

CREATE FUNCTION markets_grid_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM markets_criteriagrid
        WHERE valid_from IS NOT NULL
        AND id IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.grid_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.grid_id END)
    ) THEN
        RAISE EXCEPTION 'a grid in force never changes' USING ERRCODE = '23R01';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER grid_is_frozen BEFORE INSERT OR UPDATE OR DELETE ON markets_criterion
    FOR EACH ROW EXECUTE FUNCTION markets_grid_is_frozen();

CREATE FUNCTION markets_grid_stays_in_force() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a grid in force never changes' USING ERRCODE = '23R01';
END $$;
CREATE TRIGGER grid_stays_in_force BEFORE UPDATE OR DELETE ON markets_criteriagrid
    FOR EACH ROW WHEN (OLD.valid_from IS NOT NULL) EXECUTE FUNCTION markets_grid_stays_in_force();
"""
FROZEN_BACK = """
DROP TRIGGER grid_stays_in_force ON markets_criteriagrid;
DROP FUNCTION markets_grid_stays_in_force();
DROP TRIGGER grid_is_frozen ON markets_criterion;
DROP FUNCTION markets_grid_is_frozen();
DROP TRIGGER document_is_frozen ON markets_contractdocument;
DROP FUNCTION markets_paper_is_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("markets", "0003_before_the_award")]
    operations = [migrations.RunSQL(FROZEN, FROZEN_BACK)]
