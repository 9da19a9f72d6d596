-- The view that a camera is held to, so that one turned while the program was down is told when it is up again.
-- The picture is small and grey; the west wing alone writes and reads it, and no person is ever sent it.
CREATE TABLE camera_view (
    camera_id bigint NOT NULL REFERENCES camera ON DELETE CASCADE, preset text NOT NULL,
    at timestamptz NOT NULL, stream text NOT NULL, png bytea NOT NULL CHECK (length(png) <= 1048576),
    dx real NOT NULL, dy real NOT NULL,
    PRIMARY KEY (camera_id, preset)
);

ALTER TABLE camera_view ENABLE ROW LEVEL SECURITY;
ALTER TABLE camera_view FORCE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON camera_view USING ((SELECT current_setting('qyran.whole', true)) = 'on'
    OR EXISTS (SELECT 1 FROM camera WHERE camera.id = camera_id));
GRANT SELECT, INSERT, UPDATE, DELETE ON camera_view TO qyran_ingest;
