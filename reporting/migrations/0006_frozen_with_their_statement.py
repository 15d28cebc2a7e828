"""What goes with a published statement is frozen with it; logs and papers only grow (M20, A27)."""

from django.db import migrations

PARTS = """
CREATE FUNCTION reporting_parts_are_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM reporting_statement
        WHERE state = 'published' AND id IN (
            CASE WHEN TG_OP <> 'INSERT' THEN OLD.statement_id END,
            CASE WHEN TG_OP <> 'DELETE' THEN NEW.statement_id END
        )
    ) THEN
        RAISE EXCEPTION 'what a published statement goes with never changes' USING ERRCODE = '23R01';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER frozen_with_its_statement BEFORE INSERT OR UPDATE OR DELETE ON reporting_statementfile
    FOR EACH ROW EXECUTE FUNCTION reporting_parts_are_frozen();
CREATE TRIGGER frozen_with_its_statement BEFORE INSERT OR UPDATE OR DELETE ON reporting_statementratios
    FOR EACH ROW EXECUTE FUNCTION reporting_parts_are_frozen();
"""
PARTS_BACK = """
DROP TRIGGER frozen_with_its_statement ON reporting_statementratios;
DROP TRIGGER frozen_with_its_statement ON reporting_statementfile;
DROP FUNCTION reporting_parts_are_frozen();
"""
ONLY_GROWS = """
CREATE FUNCTION reporting_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'these rows are only added to' USING ERRCODE = '23R01';
END $$;
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE ON reporting_statementcomment
    FOR EACH ROW EXECUTE FUNCTION reporting_only_grows();
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE ON reporting_listdownload
    FOR EACH ROW EXECUTE FUNCTION reporting_only_grows();
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE ON reporting_publicationagreement
    FOR EACH ROW EXECUTE FUNCTION reporting_only_grows();
CREATE TRIGGER execution_certificate_is_frozen BEFORE UPDATE OR DELETE ON reporting_executioncertificate
    FOR EACH ROW EXECUTE FUNCTION markets_paper_is_frozen();
"""
ONLY_GROWS_BACK = """
DROP TRIGGER execution_certificate_is_frozen ON reporting_executioncertificate;
DROP TRIGGER only_grows ON reporting_publicationagreement;
DROP TRIGGER only_grows ON reporting_listdownload;
DROP TRIGGER only_grows ON reporting_statementcomment;
DROP FUNCTION reporting_only_grows();
"""


class Migration(migrations.Migration):
    dependencies = [("reporting", "0005_papers_of_every_kind"), ("markets", "0008_moved_hours_and_papers")]
    operations = [migrations.RunSQL(PARTS, PARTS_BACK), migrations.RunSQL(ONLY_GROWS, ONLY_GROWS_BACK)]
