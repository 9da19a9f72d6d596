-- Which shard runs a camera, where machines share them; `epoch` grows with every change of hands, and never falls.
CREATE TABLE camera_lease (
    camera_id bigint PRIMARY KEY REFERENCES camera ON DELETE CASCADE,
    shard text NOT NULL CHECK (shard <> ''),             -- one process from its start to its end
    epoch bigint NOT NULL CHECK (epoch > 0), since timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (fillfactor = 50);

-- Who was late by one epoch writes nothing: neither may whoever hands leases out take one back to an older epoch.
CREATE FUNCTION keep_epoch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.epoch < OLD.epoch OR (NEW.epoch = OLD.epoch AND NEW.shard <> OLD.shard) THEN
        RAISE EXCEPTION 'a lease changes hands with a new epoch alone' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_epoch BEFORE UPDATE ON camera_lease FOR EACH ROW EXECUTE FUNCTION keep_epoch();

ALTER TABLE camera_lease ENABLE ROW LEVEL SECURITY;
ALTER TABLE camera_lease FORCE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON camera_lease USING ((SELECT current_setting('qyran.whole', true)) = 'on'
    OR EXISTS (SELECT 1 FROM camera WHERE camera.id = camera_id));
GRANT SELECT ON camera_lease TO qyran_server;
GRANT SELECT, INSERT, UPDATE ON camera_lease TO qyran_ingest;
