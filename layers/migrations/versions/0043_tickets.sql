-- A ticket is of no use an hour after it was used, and goes after a day; what was looked at by it stays on record, so
-- a view says itself of which kind it was, whether masked, of which stretch, clip or export.
ALTER TABLE video_view ALTER COLUMN ticket_id DROP NOT NULL,
    DROP CONSTRAINT video_view_ticket_id_fkey,
    ADD FOREIGN KEY (ticket_id) REFERENCES video_ticket ON DELETE SET NULL,
    ADD COLUMN kind text CHECK (kind IN ('live', 'mjpeg', 'playback', 'export')),
    ADD COLUMN masked boolean, ADD COLUMN begins_at timestamptz, ADD COLUMN until timestamptz,
    ADD COLUMN event_id bigint REFERENCES event ON DELETE SET NULL,
    ADD COLUMN export_id bigint REFERENCES video_export ON DELETE SET NULL;
UPDATE video_view SET kind = t.kind, masked = t.masked, begins_at = t.begins_at, until = t.until, event_id = t.event_id,
    export_id = t.export_id FROM video_ticket t WHERE t.id = ticket_id;
ALTER TABLE video_view ALTER COLUMN kind SET NOT NULL, ALTER COLUMN masked SET NOT NULL;
CREATE INDEX video_view_event_id_idx ON video_view (event_id) WHERE event_id IS NOT NULL;
CREATE INDEX video_view_export_id_idx ON video_view (export_id) WHERE export_id IS NOT NULL;
CREATE INDEX video_view_open_idx ON video_view (ticket_id) WHERE closed_at IS NULL;
GRANT DELETE ON video_ticket TO qyran_ingest;
