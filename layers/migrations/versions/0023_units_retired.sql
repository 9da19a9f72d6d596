-- Units that are written down by people, and come out of use: what they did stays on the record.

-- ── a unit that is retired leaves its call sign and its device to another ───────────────────────────────────
ALTER TABLE unit ADD COLUMN retired_at timestamptz;
ALTER TABLE unit ADD CONSTRAINT unit_retired_check CHECK (retired_at IS NULL OR (duty = 'off' AND task IS NULL));
ALTER TABLE unit DROP CONSTRAINT unit_call_sign_key, DROP CONSTRAINT unit_device_key;
CREATE UNIQUE INDEX unit_call_sign_key ON unit (call_sign) WHERE retired_at IS NULL;
CREATE UNIQUE INDEX unit_device_key ON unit (device) WHERE retired_at IS NULL;

-- Its crew comes in no more.
DO $$
DECLARE
    before text := pg_get_functiondef('enter_crew(bigint, bigint)'::regprocedure);
    after text := replace(before, 'a.enabled AND', 'a.enabled
        AND NOT EXISTS (SELECT FROM unit u WHERE u.id = crew_unit AND u.retired_at IS NOT NULL) AND');
BEGIN
    IF after = before THEN
        RAISE EXCEPTION 'enter_crew() no longer asks as expected: crews of retired units would come in';
    END IF;
    EXECUTE after;
END $$;

GRANT INSERT ON unit TO qyran_server;
GRANT DELETE ON unit_position TO qyran_server;           -- a unit that is retired stands nowhere

-- ── a dispatch whose unit was diverted says to which dispatch ───────────────────────────────────────────────
ALTER TABLE dispatch ADD COLUMN diverted_to bigint REFERENCES dispatch;
ALTER TABLE dispatch ADD CONSTRAINT dispatch_diverted_check CHECK (diverted_to IS NULL OR status = 'diverted');
CREATE UNIQUE INDEX dispatch_diverted_to_idx ON dispatch (diverted_to) WHERE diverted_to IS NOT NULL;

-- ── a roster, too, turns a duty: on the record as its word ──────────────────────────────────────────────────
ALTER TABLE unit_duty DROP CONSTRAINT unit_duty_means_check;
ALTER TABLE unit_duty ADD CONSTRAINT unit_duty_means_check CHECK (means IN ('button', 'dispatcher', 'roster'));
