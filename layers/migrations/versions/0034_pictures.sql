-- A machine may send the pictures of a camera: a kind of source of its own.

ALTER TABLE source DROP CONSTRAINT source_kind_check;
ALTER TABLE source ADD CONSTRAINT source_kind_check CHECK (kind IN ('positions', 'events', 'exchange', 'pictures'));
