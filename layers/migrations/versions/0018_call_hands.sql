-- A call that is handed to another area: whose it is then, who handed it, and who keeps reading it while it is open.

ALTER TABLE call
    ADD COLUMN handed_from bigint[] CHECK (cardinality(handed_from) > 0),  -- the areas that handed it on, the last one last
    ADD COLUMN handed_at timestamptz, ADD COLUMN handed_by text, ADD COLUMN handed_why text,
    ADD CONSTRAINT call_handed_check CHECK (num_nulls(handed_from, handed_at, handed_by, handed_why) IN (0, 4)),
    -- Open, as `layers.calls.rules` says it: on the line, or nobody said yet what became of it.
    ADD COLUMN read_by bigint[] GENERATED ALWAYS AS
        (CASE WHEN state <> 'ended' OR outcome IS NULL THEN handed_from END) STORED;
CREATE INDEX call_read_by_idx ON call (id) WHERE read_by IS NOT NULL;

-- Who handed it on reads it; to act on it is for those whose it is. A hand leaves a row that its giver still reads.
DO $$
DECLARE
    whole text := '(SELECT current_setting(''qyran.whole'', true)) = ''on''';
    one_of text := ' = ANY ((SELECT nullif(current_setting(''qyran.%s'', true), '''')::bigint[])::bigint[])';
    theirs text := format('%s OR area_id%s OR incident_id%s', whole, format(one_of, 'areas'), format(one_of, 'incidents'));
    read text := theirs || ' OR read_by && (SELECT nullif(current_setting(''qyran.areas'', true), '''')::bigint[])::bigint[]';
BEGIN
    DROP POLICY in_scope ON call;
    EXECUTE format('CREATE POLICY in_scope ON call FOR SELECT USING (%s)', read);
    EXECUTE format('CREATE POLICY made_in_scope ON call FOR INSERT WITH CHECK (%s)', theirs);
    EXECUTE format('CREATE POLICY changed_in_scope ON call FOR UPDATE USING (%s) WITH CHECK (%s)', theirs, read);
END $$;
