-- What of a camera's place was found and not known, what is a preset's own, and who answers at its ONVIF address.

ALTER TABLE camera
    ADD COLUMN hfov_found boolean NOT NULL DEFAULT false,  -- by its points, which find it again with all their doubt
    ADD COLUMN turned boolean NOT NULL DEFAULT false,      -- away from how it hung when that was calibrated
    ADD COLUMN onvif_pin text CHECK (onvif_pin ~ '^[0-9a-f]{64}$'),  -- SHA-256 of its certificate; none: the first is believed
    ADD COLUMN onvif_fault text CHECK (onvif_fault <> '');  -- why it does not answer as it should: a word of the windows
ALTER TABLE camera_preset
    ADD COLUMN hfov_found boolean NOT NULL DEFAULT false, ADD COLUMN roll_deg real NOT NULL DEFAULT 0,
    ADD COLUMN distortion real[], ADD COLUMN ground jsonb;

-- Who calibrated by six points or more may have let them find the field of view, and what was found was kept as known.
UPDATE camera SET hfov_found = true WHERE calibrated_at IS NOT NULL AND jsonb_typeof(control_points) = 'array'
    AND jsonb_array_length(CASE jsonb_typeof(control_points) WHEN 'array' THEN control_points ELSE '[]' END) >= 6;
UPDATE camera_preset SET hfov_found = true WHERE calibrated_at IS NOT NULL AND jsonb_array_length(control_points) >= 6;
UPDATE camera_preset p SET roll_deg = c.roll_deg, distortion = c.distortion, ground = c.ground
    FROM camera c WHERE c.id = p.camera_id AND p.calibrated_at IS NOT NULL;
-- Of a camera that turns and stands at none of its presets nobody knows whether it still hangs as it did.
UPDATE camera SET turned = true WHERE kind = 'ptz' AND EXISTS (SELECT 1 FROM camera_command WHERE camera_id = camera.id AND kind <> 'stop');

GRANT UPDATE (hfov_found, turned) ON camera TO qyran_server;
GRANT UPDATE (hfov_found, roll_deg, distortion, ground) ON camera_preset TO qyran_server;
