-- What of coverage was missing: what is lost where one camera, pole, node or link fails; what is seen by night; gaps that
-- know by category and hour what they have to expect, so that a list of nights is no other reckoning.

ALTER TABLE gap
    ADD COLUMN accidents integer NOT NULL DEFAULT 0 CHECK (accidents >= 0),
    ADD COLUMN worth real NOT NULL DEFAULT 0 CHECK (worth >= 0),
    ADD COLUMN crowds text[] NOT NULL DEFAULT '{}',
    ADD COLUMN categories text[] NOT NULL DEFAULT '{}',
    ADD COLUMN hours smallint[] NOT NULL DEFAULT '{}' CHECK (0 <= ALL (hours) AND 23 >= ALL (hours)),
    ADD COLUMN expected real[] NOT NULL DEFAULT '{}',
    ADD CHECK (cardinality(categories) = cardinality(hours) AND cardinality(hours) = cardinality(expected));

ALTER TABLE coverage_share
    ADD COLUMN night double precision NOT NULL DEFAULT 0,          -- seen by night as well, as far as the light is known
    ADD COLUMN night_unknown double precision NOT NULL DEFAULT 0,  -- may be: nobody knows the light of who sees it
    ADD CHECK (night >= 0 AND night_unknown >= 0 AND seen >= night),
    DROP CONSTRAINT coverage_share_measure_check,
    ADD CONSTRAINT coverage_share_measure_check CHECK (measure IN
        ('ground_m2', 'streets_m', 'incidents', 'accidents', 'places', 'schools', 'addresses'));

CREATE TABLE coverage_lost (                              -- of a tile's part of an area: what each of `names` alone sees
    tile_id bigint NOT NULL REFERENCES coverage_tile ON DELETE CASCADE, area_id bigint NOT NULL REFERENCES area,
    purpose text NOT NULL, by text NOT NULL CHECK (by IN ('camera', 'pole', 'node', 'link')),
    names text[] NOT NULL CHECK (cardinality(names) > 0),
    ground_m2 real[] NOT NULL, streets_m real[] NOT NULL, incidents real[] NOT NULL, accidents real[] NOT NULL,
    places real[] NOT NULL, schools real[] NOT NULL, addresses real[] NOT NULL,
    PRIMARY KEY (tile_id, area_id, purpose, by)
);
CREATE INDEX coverage_lost_area_id_idx ON coverage_lost (area_id, purpose, by);
ALTER TABLE coverage_lost ENABLE ROW LEVEL SECURITY;
ALTER TABLE coverage_lost FORCE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON coverage_lost USING ((SELECT current_setting('qyran.whole', true)) = 'on'
    OR area_id = ANY ((SELECT nullif(current_setting('qyran.below', true), '')::bigint[])::bigint[]));
GRANT SELECT, INSERT, UPDATE, DELETE ON coverage_lost TO qyran_server;

-- With what a camera fails, and what light it has, is reckoned too.
CREATE FUNCTION camera_light(facts jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_build_array(facts -> 'lit_at_night', facts -> 'light_lux', facts -> 'infrared', facts -> 'infrared_m')
$$;
CREATE TRIGGER stir_coverage_told AFTER UPDATE OF pole, node, link, facts ON camera FOR EACH ROW
    WHEN ((OLD.pole, OLD.node, OLD.link, camera_light(OLD.facts))
        IS DISTINCT FROM (NEW.pole, NEW.node, NEW.link, camera_light(NEW.facts)))
    EXECUTE FUNCTION camera_stirs_coverage();

-- What was reckoned before knows none of it yet.
UPDATE coverage_tile SET stirred_at = clock_timestamp() WHERE reckoned_at IS NOT NULL;
