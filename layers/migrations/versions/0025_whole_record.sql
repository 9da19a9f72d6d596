-- The record whole: bindings as they stood are found by when they changed (decision 16).

-- The lines that tell what went from one incident to another, and when: `geo_server.replay.move_queries`.
CREATE INDEX incident_entry_moved_idx ON incident_entry (at)
    WHERE kind IN ('merged', 'merged_in', 'unmerged', 'split', 'split_from');

-- A phone is found by its calls too, however each ended: digits, the last ten of them, as with incidents. A column and
-- not an index on an expression: under the policies only comparing may come before who sees a row.
ALTER TABLE call
    ADD COLUMN caller_key text GENERATED ALWAYS AS (nullif(right(regexp_replace(phone, '\D', '', 'g'), 10), '')) STORED;
DROP INDEX call_phone_idx;
CREATE INDEX call_caller_key_idx ON call (caller_key, rang_at) WHERE caller_key IS NOT NULL;
