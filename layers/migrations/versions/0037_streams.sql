-- The codes and details of `state_reason`, [{"code": …, "details": {…}}]: data/camera_reasons.json has their sentences.
ALTER TABLE camera ADD COLUMN state_why jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(state_why) = 'array');
