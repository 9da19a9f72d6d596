-- What is watched and recorded hears of a camera's row when it changes, and asks for all of them seldom; a camera's state,
-- which is written each few seconds, rings nothing.
CREATE FUNCTION ring_footage() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NOTIFY qyran_footage;
    RETURN NULL;
END $$;
CREATE TRIGGER ring_footage AFTER INSERT OR DELETE OR UPDATE OF code, enabled, reader, url, main_url, transport, masks,
    width_px, height_px, record, retention ON camera FOR EACH STATEMENT EXECUTE FUNCTION ring_footage();

-- An export's archive goes after so many days (QYRAN_EXPORTS_DAYS); the server tells the audit of it, once.
ALTER TABLE video_export ADD COLUMN deleted_at timestamptz, ADD COLUMN told_at timestamptz;
UPDATE video_export SET deleted_at = now() WHERE state = 'deleted';
ALTER TABLE video_export
    ADD CHECK ((state = 'deleted') = (deleted_at IS NOT NULL)), ADD CHECK (told_at IS NULL OR deleted_at IS NOT NULL);
CREATE INDEX video_export_untold_idx ON video_export (id) WHERE deleted_at IS NOT NULL AND told_at IS NULL;
GRANT UPDATE (told_at) ON video_export TO qyran_server;
