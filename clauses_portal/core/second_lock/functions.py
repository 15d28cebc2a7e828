"""What the database runs by itself. Each trigger has the name of its function."""

ONLY_GROWS = "portal_history_only_grows"
AUDIT = "portal_audit"
JOURNAL = "portal_journal_is_kept"

SQL = f"""
-- The places that the transaction claims; none when nothing was said.
CREATE OR REPLACE FUNCTION portal_places(claim text) RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(string_to_array(nullif(current_setting('portal.' || claim, true), ''), ',')::bigint[], '{{}}')
$$;

-- A history is written, never rewritten: what anonymises a person says so (participants_forget_history).
CREATE OR REPLACE FUNCTION {ONLY_GROWS}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce(current_setting('portal.forgetting', true), '') <> 'on' THEN
        RAISE EXCEPTION 'history only grows' USING ERRCODE = '23R01';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;

-- Written with the rights of the owner: the application reads none of it, and cannot write in it otherwise.
CREATE OR REPLACE FUNCTION {AUDIT}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO core_auditedchange (at, actor_id, table_name, row_id, operation, before, after)
    VALUES (
        clock_timestamp(), nullif(nullif(current_setting('portal.actor', true), ''), '0')::bigint,
        TG_TABLE_NAME, coalesce(NEW.id, OLD.id), TG_OP,
        to_jsonb(OLD) - coalesce(TG_ARGV, '{{}}'), to_jsonb(NEW) - coalesce(TG_ARGV, '{{}}')
    );
    RETURN NULL;
END $$;

-- A line of the journal never changes, and goes after a year (CNIL 2021-122).
CREATE OR REPLACE FUNCTION {JOURNAL}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND OLD.at < clock_timestamp() - interval '365 days' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the journal is kept' USING ERRCODE = '23R01';
END $$;
"""
