-- Chains of notices that tell of no incident: of a panic that nobody acknowledges, and of a desk's message to a crew.

ALTER TABLE notice_chain
    ADD COLUMN panic_id bigint REFERENCES panic, ADD COLUMN message_id bigint REFERENCES crew_message,
    DROP CONSTRAINT notice_chain_kind_check,
    DROP CONSTRAINT notice_chain_check2,                  -- (kind = 'test') = (incident_id IS NULL)
    ADD CONSTRAINT notice_chain_kind_check
        CHECK (kind IN ('dispatch', 'incident', 'alarm', 'clock', 'panic', 'message', 'test')),
    ADD CONSTRAINT notice_chain_about_check CHECK (
        (kind IN ('dispatch', 'incident', 'alarm', 'clock')) = (incident_id IS NOT NULL)
        AND (kind = 'panic') = (panic_id IS NOT NULL) AND (kind = 'message') = (message_id IS NOT NULL));

-- The same thing is told to the same side once, however often it is asked.
DROP INDEX notice_chain_once_idx;
CREATE UNIQUE INDEX notice_chain_once_idx
    ON notice_chain (incident_id, kind, dispatch_id, to_kind, to_id, to_role, alarm, panic_id, message_id)
    NULLS NOT DISTINCT WHERE kind <> 'test';
CREATE INDEX notice_chain_panic_id_idx ON notice_chain (panic_id) WHERE panic_id IS NOT NULL;

-- Who sees the panic, or the unit, sees what was told of it.
DO $$
BEGIN
    DROP POLICY in_scope ON notice_chain;
    EXECUTE format('CREATE POLICY in_scope ON notice_chain USING (%s
        OR EXISTS (SELECT 1 FROM incident WHERE incident.id = incident_id)
        OR EXISTS (SELECT 1 FROM panic WHERE panic.id = panic_id)
        OR EXISTS (SELECT 1 FROM crew_message WHERE crew_message.id = message_id)
        OR (kind = ''test'' AND EXISTS (SELECT 1 FROM contact WHERE contact.id = to_id)))',
        '(SELECT current_setting(''qyran.whole'', true)) = ''on''');
END $$;
