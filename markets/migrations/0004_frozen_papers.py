"""A produced document never changes, nor a grid that decisions were made with, nor what a decision said of the law."""

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
    IF EXISTS (SELECT 1 FROM markets_criteriagrid WHERE id = OLD.grid_id AND valid_from IS NOT NULL) THEN
        RAISE EXCEPTION 'a grid in force never changes' USING ERRCODE = '23R01';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER grid_is_frozen BEFORE UPDATE OR DELETE ON markets_criterion
    FOR EACH ROW EXECUTE FUNCTION markets_grid_is_frozen();
"""
FROZEN_BACK = """
DROP TRIGGER grid_is_frozen ON markets_criterion;
DROP FUNCTION markets_grid_is_frozen();
DROP TRIGGER document_is_frozen ON markets_contractdocument;
DROP FUNCTION markets_paper_is_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("markets", "0003_before_the_award")]
    operations = [migrations.RunSQL(FROZEN, FROZEN_BACK)]
