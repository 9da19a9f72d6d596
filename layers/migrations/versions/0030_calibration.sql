-- Cameras are calibrated by people: what they click, who did it, and the one picture that they click in.

-- The last frame of a camera that somebody asked for; the west wing writes it, with what is private painted over.
CREATE TABLE camera_snapshot (
    camera_id bigint PRIMARY KEY REFERENCES camera ON DELETE CASCADE,
    asked_at timestamptz NOT NULL DEFAULT clock_timestamp(), asked_by text NOT NULL,
    at timestamptz, jpeg bytea, width_px int CHECK (width_px > 0), height_px int CHECK (height_px > 0),
    CHECK (num_nulls(at, jpeg, width_px, height_px) IN (0, 4))
);
CREATE INDEX camera_snapshot_asked_idx ON camera_snapshot (asked_at);

ALTER TABLE camera_preset
    ADD COLUMN calibrated_at timestamptz, ADD COLUMN calibrated_by text,
    ADD CONSTRAINT camera_preset_points_check CHECK (jsonb_typeof(control_points) = 'array');

-- What places by its points today is calibrated, though nobody has said how well.
UPDATE camera SET calibration = 'good' WHERE calibration = 'none' AND jsonb_typeof(control_points) = 'array'
    AND jsonb_array_length(CASE jsonb_typeof(control_points) WHEN 'array' THEN control_points ELSE '[]' END) >= 4;

DO $$
DECLARE
    whole text := '(SELECT current_setting(''qyran.whole'', true)) = ''on''';
    below text := 'area_id = ANY ((SELECT nullif(current_setting(''qyran.below'', true), '''')::bigint[])::bigint[])';
BEGIN
    ALTER TABLE camera_snapshot ENABLE ROW LEVEL SECURITY;
    ALTER TABLE camera_snapshot FORCE ROW LEVEL SECURITY;
    EXECUTE format('CREATE POLICY in_scope ON camera_snapshot USING (%s OR EXISTS (SELECT 1 FROM camera WHERE camera.id = camera_id))', whole);
    -- Who was granted a look at an area calibrates none of its cameras.
    EXECUTE format('CREATE POLICY changed_below ON camera AS RESTRICTIVE FOR UPDATE USING (%s OR %s)', whole, below);
    EXECUTE format('CREATE POLICY changed_below ON camera_preset AS RESTRICTIVE FOR UPDATE USING (%s OR EXISTS (
        SELECT 1 FROM camera WHERE camera.id = camera_id AND %s))', whole, below);
END $$;

GRANT UPDATE (height_m, heading_deg, tilt_deg, roll_deg, hfov_deg, width_px, height_px, control_points, distortion,
    ground, range_m, calibration, calibration_error_m, calibrated_at, calibrated_by) ON camera TO qyran_server;
GRANT UPDATE (heading_deg, tilt_deg, hfov_deg, control_points, calibration, calibration_error_m, calibrated_at,
    calibrated_by) ON camera_preset TO qyran_server;
GRANT SELECT, INSERT, UPDATE (asked_at, asked_by) ON camera_snapshot TO qyran_server;
GRANT SELECT, UPDATE ON camera_snapshot TO qyran_ingest;
GRANT UPDATE ON camera_preset TO qyran_ingest;
