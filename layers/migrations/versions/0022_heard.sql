-- What was heard, and what was not.

-- ── panics are raised anew after somebody acknowledged them ────────────────────────────────────────────────
ALTER TABLE panic
    ADD COLUMN heard_before jsonb NOT NULL DEFAULT '[]'   -- [{"at", "by"}]: acknowledgements of earlier presses
        CHECK (jsonb_typeof(heard_before) = 'array');

-- ── a message is read, or it is not ────────────────────────────────────────────────────────────────────────
ALTER TABLE crew_message
    ADD COLUMN read_at timestamptz, ADD COLUMN read_by text,
    ADD CONSTRAINT crew_message_read_check CHECK ((read_at IS NULL) = (read_by IS NULL));
UPDATE crew_message SET read_at = received_at, read_by = '' WHERE from_crew;  -- no screen calls for what is long past
CREATE INDEX crew_message_unread_idx ON crew_message (unit_id, id) WHERE from_crew AND read_at IS NULL;

-- ── what became of a press, to be answered again where the press comes again ───────────────────────────────
ALTER TABLE crew_event
    ADD COLUMN taken boolean NOT NULL DEFAULT true, ADD COLUMN late boolean NOT NULL DEFAULT false,
    DROP CONSTRAINT crew_event_kind_check,
    ADD CONSTRAINT crew_event_kind_check CHECK (kind IN ('duty', 'status', 'message', 'panic', 'read', 'notice'));

GRANT UPDATE (read_at, read_by) ON crew_message TO qyran_server;
GRANT UPDATE (taken) ON crew_event TO qyran_server;

-- ── a phone is woken for as long as the session holds that asked for it ────────────────────────────────────
ALTER TABLE push_subscription ADD COLUMN session_id bigint REFERENCES account_session (id) ON DELETE CASCADE;
CREATE INDEX push_subscription_session_id_idx ON push_subscription (session_id);
CREATE FUNCTION session_wakes_no_more() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM push_subscription WHERE session_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER session_wakes_no_more AFTER UPDATE OF ended_at ON account_session FOR EACH ROW
    WHEN (NEW.ended_at IS NOT NULL) EXECUTE FUNCTION session_wakes_no_more();
