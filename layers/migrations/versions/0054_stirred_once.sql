-- A transaction stirs a tile once. Each version that it wrote of a tile's row stayed until it ended, and the next camera
-- walked them all: writing many cameras grew with the square (decision 40).
--
-- It holds the row until it ends, so nobody can have reckoned with what it left there, and once says it all. Who stirred
-- is told by name: xmin is a savepoint's where there is one, and that of whoever wrote the row for another reason. The
-- time only keeps a restored store, whose transactions are counted anew, from taking a stranger for itself.

ALTER TABLE coverage_tile ADD COLUMN stirred_by bigint;
ALTER TABLE coverage_tile ALTER COLUMN stirred_by SET DEFAULT txid_current();
GRANT UPDATE (stirred_by) ON coverage_tile TO qyran_ingest;

CREATE FUNCTION stirred_by_us(tile coverage_tile) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT (tile.stirred_by = txid_current() AND tile.stirred_at >= now()) IS TRUE
$$;
CREATE OR REPLACE FUNCTION stir_coverage(place geometry) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE coverage_tile SET stirred_at = clock_timestamp(), stirred_by = txid_current()
     WHERE ST_Intersects(geom, place) AND NOT stirred_by_us(coverage_tile);
END $$;

-- Cameras come and go by the thousand in a statement. One that changes is still told by the row: a trigger with the whole
-- table of what changed cannot be of some columns alone, and a camera says every few seconds how it is.
CREATE FUNCTION cameras_stir_coverage() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE coverage_tile SET stirred_at = clock_timestamp(), stirred_by = txid_current()
     WHERE NOT stirred_by_us(coverage_tile)
       AND id IN (SELECT tile.id FROM changed JOIN coverage_tile tile ON ST_Intersects(tile.geom, changed.reach));
    RETURN NULL;
END $$;
DROP TRIGGER stir_coverage ON camera;
CREATE TRIGGER stir_coverage_new AFTER INSERT ON camera REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION cameras_stir_coverage();
CREATE TRIGGER stir_coverage_gone AFTER DELETE ON camera REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION cameras_stir_coverage();

CREATE OR REPLACE FUNCTION buildings_stir_coverage() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE coverage_tile SET stirred_at = clock_timestamp(), stirred_by = txid_current()
     WHERE NOT stirred_by_us(coverage_tile)
       AND EXISTS (SELECT 1 FROM changed WHERE ST_Expand(changed.geom, 0.01, 0.005) && coverage_tile.geom);
    RETURN NULL;
END $$;
