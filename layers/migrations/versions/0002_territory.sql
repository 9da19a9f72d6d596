-- Who sees what, held by the store itself: a tree with a history, roles that cannot look past it, and policies.

-- ── roles: the owner migrates; each wing comes in by its own, with what it needs ────────────────────────────
DO $$
DECLARE role text;
BEGIN
    FOREACH role IN ARRAY ARRAY['qyran_server', 'qyran_ingest'] LOOP
        BEGIN
            EXECUTE format('CREATE ROLE %I LOGIN', role);
        EXCEPTION WHEN duplicate_object OR unique_violation THEN  -- another database of this cluster made it
            NULL;
        END;
    END LOOP;
    -- COPY is refused under row-level security, and what machines send is written by COPY: the west wing bypasses it,
    -- and its grants below are all it can touch.
    ALTER ROLE qyran_ingest BYPASSRLS;
    ALTER ROLE qyran_server NOBYPASSRLS NOSUPERUSER NOCREATEDB NOCREATEROLE;
EXCEPTION WHEN OTHERS THEN
    IF SQLERRM LIKE '%concurrently updated%' THEN NULL; ELSE RAISE; END IF;  -- another database's migration did it
END $$;

-- An index on geometry may be used before a policy's own condition only where its operator tells nothing of the rows
-- it passes over. `&&` compares boxes and cannot fail on two geometries of one reference system.
ALTER FUNCTION geometry_overlaps(geometry, geometry) LEAKPROOF;
ALTER FUNCTION geometry_within(geometry, geometry) LEAKPROOF;
ALTER FUNCTION geometry_contains(geometry, geometry) LEAKPROOF;

-- ── areas: what was when ────────────────────────────────────────────────────────────────────────────────────
ALTER TABLE area ADD COLUMN closed_at timestamptz;       -- merged into another or struck off; its rows went elsewhere
-- Every shape an area ever had, and since when until when. No foreign keys: what was outlives what it was of.
CREATE TABLE area_version (
    area_id bigint NOT NULL, parent_id bigint, level smallint NOT NULL, code text NOT NULL,
    name_kk text NOT NULL, name_ru text NOT NULL, name_en text NOT NULL, approximate boolean NOT NULL,
    geom geometry(MultiPolygon, 4326) NOT NULL, during tstzrange NOT NULL,
    EXCLUDE USING gist (area_id WITH =, during WITH &&)
);
CREATE INDEX area_version_geom_idx ON area_version USING gist (geom);
INSERT INTO area_version
SELECT id, parent_id, level, code, name_kk, name_ru, name_en, approximate, geom, tstzrange(NULL, NULL) FROM area;

CREATE FUNCTION keep_area_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    since timestamptz := clock_timestamp();              -- not now(): one transaction may move a border twice
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.parent_id, OLD.level, OLD.code, OLD.name_kk, OLD.name_ru, OLD.name_en, OLD.approximate, OLD.closed_at)
            IS NOT DISTINCT FROM (NEW.parent_id, NEW.level, NEW.code, NEW.name_kk, NEW.name_ru, NEW.name_en, NEW.approximate, NEW.closed_at)
            AND OLD.geom::bytea = NEW.geom::bytea THEN
        RETURN NULL;
    END IF;
    UPDATE area_version SET during = tstzrange(lower(during), since)
     WHERE area_id = coalesce(NEW.id, OLD.id) AND upper_inf(during);
    IF TG_OP <> 'DELETE' AND NEW.closed_at IS NULL THEN  -- what is new here was always so, unless its code stood before
        INSERT INTO area_version VALUES (NEW.id, NEW.parent_id, NEW.level, NEW.code, NEW.name_kk, NEW.name_ru, NEW.name_en,
            NEW.approximate, NEW.geom,
            tstzrange(CASE WHEN EXISTS (SELECT 1 FROM area_version WHERE code = NEW.code) THEN since END, NULL));
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER keep_area_version AFTER INSERT OR UPDATE OR DELETE ON area FOR EACH ROW EXECUTE FUNCTION keep_area_version();

CREATE OR REPLACE FUNCTION area_of(place geometry) RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(
        (SELECT id FROM (SELECT id, geom FROM area WHERE geom && place AND closed_at IS NULL ORDER BY level DESC OFFSET 0) nested
          WHERE ST_Covers(geom, place) LIMIT 1),
        (SELECT id FROM area WHERE level = 1 AND closed_at IS NULL ORDER BY id LIMIT 1))
$$;
CREATE FUNCTION area_of_then(place geometry, moment timestamptz) RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT area_id FROM area_version
     WHERE during @> moment AND geom && place AND ST_Covers(geom, place) ORDER BY level DESC LIMIT 1
$$;

-- Below a node that moves, every path changes with it.
CREATE FUNCTION repath_areas() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.path IS DISTINCT FROM OLD.path THEN
        UPDATE area SET parent_id = parent_id WHERE parent_id = NEW.id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER repath_areas AFTER UPDATE ON area FOR EACH ROW EXECUTE FUNCTION repath_areas();

-- A border that moves takes the rows on both its sides to whoever answers for them now. What changed is the region in
-- which the old and the new shape differ, for a node that opens or closes the whole of it.
CREATE FUNCTION settle(region geometry) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE t text; moved bigint; total bigint := 0;
BEGIN
    FOREACH t IN ARRAY ARRAY['landcover', 'road', 'building', 'address', 'place', 'camera', 'incident', 'event'] LOOP
        EXECUTE format('UPDATE %I r SET area_id = n.area_id FROM (SELECT id, area_of(geom) AS area_id FROM %I WHERE geom && $1) n
                         WHERE r.id = n.id AND r.area_id IS DISTINCT FROM n.area_id', t, t) USING region;
        GET DIAGNOSTICS moved = ROW_COUNT;
        total := total + moved;
    END LOOP;
    UPDATE dispatch d SET area_id = i.area_id FROM incident i WHERE i.id = d.incident_id AND d.area_id <> i.area_id;
    UPDATE unit_position p SET area_id = area_of(ST_SetSRID(ST_MakePoint(lon, lat), 4326))
     WHERE ST_SetSRID(ST_MakePoint(lon, lat), 4326) && region
       AND area_id <> area_of(ST_SetSRID(ST_MakePoint(lon, lat), 4326));
    UPDATE unit u SET area_id = p.area_id FROM unit_position p WHERE p.unit_id = u.id AND u.area_id <> p.area_id;
    RETURN total;
END $$;
CREATE FUNCTION settle_moved_border() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.closed_at IS DISTINCT FROM OLD.closed_at OR NEW.level <> OLD.level THEN
        PERFORM settle(ST_Union(OLD.geom, NEW.geom));
    ELSIF OLD.geom::bytea <> NEW.geom::bytea THEN
        PERFORM settle(ST_SymDifference(OLD.geom, NEW.geom));
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER settle_moved_border AFTER UPDATE OF geom, closed_at, level ON area FOR EACH ROW EXECUTE FUNCTION settle_moved_border();
CREATE FUNCTION settle_new_area() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM area WHERE id <> NEW.id AND geom && NEW.geom) THEN
        PERFORM settle(NEW.geom);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER settle_new_area AFTER INSERT ON area FOR EACH ROW EXECUTE FUNCTION settle_new_area();

-- ── where a unit is now stands in its own row, so that one policy fits it like the others ───────────────────
ALTER TABLE unit ADD COLUMN area_id bigint REFERENCES area;
UPDATE unit u SET area_id = coalesce((SELECT area_id FROM unit_position WHERE unit_id = u.id), home_area_id);
CREATE FUNCTION set_unit_area() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.area_id IS NULL OR (TG_OP = 'UPDATE' AND NEW.home_area_id <> OLD.home_area_id
            AND NOT EXISTS (SELECT 1 FROM unit_position WHERE unit_id = NEW.id)) THEN
        NEW.area_id := NEW.home_area_id;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER set_unit_area BEFORE INSERT OR UPDATE OF home_area_id, area_id ON unit FOR EACH ROW EXECUTE FUNCTION set_unit_area();
ALTER TABLE unit ALTER COLUMN area_id SET NOT NULL;
CREATE INDEX unit_area_id_idx ON unit (area_id);

-- What a unit is doing is said by whoever sees the unit, also where the incident it is bound to is not theirs to see.
ALTER TABLE unit ADD COLUMN task text;                   -- the status of its open dispatch; none: it is bound to nothing
UPDATE unit u SET task = d.status FROM dispatch d
 WHERE d.unit_id = u.id AND d.status NOT IN ('clear', 'cancelled', 'diverted', 'refused');
CREATE FUNCTION keep_task() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE unit SET task = (SELECT status FROM dispatch WHERE unit_id = unit.id
        AND status NOT IN ('clear', 'cancelled', 'diverted', 'refused'))
     WHERE id = coalesce(NEW.unit_id, OLD.unit_id);
    RETURN NULL;
END $$;
CREATE TRIGGER keep_task AFTER INSERT OR UPDATE OF status OR DELETE ON dispatch FOR EACH ROW EXECUTE FUNCTION keep_task();

-- ── grants: sideways to another area, of an area or of one incident, for a time, seen by both sides ─────────
CREATE TABLE area_grant (
    id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('area', 'incident')),
    area_id bigint NOT NULL REFERENCES area,             -- who gives: what is seen lies here
    to_area_id bigint NOT NULL REFERENCES area,          -- who is given it: accounts of this very area
    incident_id bigint REFERENCES incident,
    reason text NOT NULL CHECK (reason <> ''), given_by text NOT NULL,
    begins_at timestamptz NOT NULL DEFAULT now(), ends_at timestamptz NOT NULL, revoked_at timestamptz, revoked_by text,
    CHECK ((kind = 'area') = (incident_id IS NULL)), CHECK (ends_at > begins_at), CHECK (to_area_id <> area_id)
);
CREATE INDEX area_grant_to_area_id_idx ON area_grant (to_area_id, ends_at);
CREATE INDEX area_grant_area_id_idx ON area_grant (area_id);
ALTER TABLE incident ADD COLUMN held_by_area_id bigint REFERENCES area,  -- a level above that took it over
    ADD COLUMN escalated_to_area_id bigint REFERENCES area;                -- a level above that was called to it
-- A person's history by phone: digits alone count, the last ten of them.
CREATE INDEX incident_caller_phone_idx ON incident (right(regexp_replace(caller_phone, '\D', '', 'g'), 10)) WHERE caller_phone IS NOT NULL;

-- ── the scope of a visit: set by `enter`, read by the policies; empty means nothing ─────────────────────────
-- Entered is the area one looks at now, own the one one answers for. False, and an empty scope, where the one is not
-- the other or below it (Almaty 213, art. 7; MIA 897 §6.5), or where either is closed.
CREATE FUNCTION enter(entered bigint, own bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    top smallint; below bigint[] := '{}'; areas bigint[] := '{}'; incidents bigint[] := '{}'; units bigint[] := '{}';
BEGIN
    SELECT a.level INTO top FROM area a WHERE a.id = entered AND own = ANY (a.path) AND a.closed_at IS NULL
       AND EXISTS (SELECT 1 FROM area o WHERE o.id = own AND o.closed_at IS NULL);
    IF top IS NOT NULL THEN
        SELECT array_agg(id) INTO below FROM area WHERE entered = ANY (path);
        areas := below;
        IF entered = own THEN
            SELECT coalesce(areas || array_agg(b.id) FILTER (WHERE g.kind = 'area'), areas),
                   coalesce(array_agg(g.incident_id) FILTER (WHERE g.kind <> 'area'), '{}')
              INTO areas, incidents
              FROM area_grant g LEFT JOIN area b ON g.kind = 'area' AND g.area_id = ANY (b.path)
             WHERE g.to_area_id = own AND g.revoked_at IS NULL AND g.begins_at <= now() AND g.ends_at > now();
            IF incidents <> '{}' THEN
                SELECT coalesce(array_agg(unit_id), '{}') INTO units FROM dispatch WHERE incident_id = ANY (incidents)
                   AND status NOT IN ('clear', 'cancelled', 'diverted', 'refused');
            END IF;
        END IF;
    END IF;
    PERFORM set_config('qyran.whole', CASE WHEN top = 1 THEN 'on' ELSE '' END, true),
            set_config('qyran.below', below::text, true), set_config('qyran.areas', areas::text, true),
            set_config('qyran.incidents', incidents::text, true), set_config('qyran.units', units::text, true);
    RETURN top IS NOT NULL;
END $$;
CREATE FUNCTION enter_whole() RETURNS void LANGUAGE sql AS $$
    SELECT set_config('qyran.whole', 'on', true), set_config('qyran.below', '{}', true),
           set_config('qyran.areas', '{}', true), set_config('qyran.incidents', '{}', true), set_config('qyran.units', '{}', true)
$$;

-- ── policies ────────────────────────────────────────────────────────────────────────────────────────────────
-- Each setting is read once a query: a subselect of its own is an init plan. What is not set is '', not NULL, once a
-- pooled connection had it set before.
DO $$
DECLARE
    t text; rule text;
    whole text := '(SELECT current_setting(''qyran.whole'', true)) = ''on''';
    ours text := 'area_id = ANY ((SELECT nullif(current_setting(''qyran.areas'', true), '''')::bigint[])::bigint[])';
    -- Who is granted a look at an area is not handed its administration: people, keys, and what it granted to others.
    below text := replace(ours, 'qyran.areas', 'qyran.below');
    one_of text := ' = ANY ((SELECT nullif(current_setting(''qyran.%s'', true), '''')::bigint[])::bigint[])';
BEGIN
    FOREACH t IN ARRAY ARRAY['area', 'landcover', 'road', 'building', 'address', 'place', 'road_closure', 'road_restriction', 'city',
            'camera', 'incident', 'event', 'unit', 'unit_position', 'dispatch', 'track', 'source', 'account', 'area_grant',
            'incident_entry', 'event_picture', 'dispatch_entry', 'account_session', 'area_version'] LOOP
        rule := CASE
            WHEN t IN ('area', 'area_version', 'landcover', 'road', 'building', 'address', 'place', 'road_restriction', 'road_closure', 'city')
                THEN 'true'                               -- the ground of the map is public (decision 6)
            WHEN t = 'incident' THEN ours || ' OR id' || format(one_of, 'incidents')
            WHEN t IN ('event', 'dispatch') THEN ours || ' OR incident_id' || format(one_of, 'incidents')
            WHEN t = 'unit' THEN ours || ' OR id' || format(one_of, 'units')
            WHEN t IN ('unit_position', 'track') THEN ours || ' OR unit_id' || format(one_of, 'units')
            WHEN t = 'area_grant' THEN below || ' OR to_' || below
            WHEN t IN ('account', 'source') THEN below
            WHEN t = 'incident_entry' THEN 'EXISTS (SELECT 1 FROM incident WHERE incident.id = incident_id)'
            WHEN t = 'event_picture' THEN 'EXISTS (SELECT 1 FROM event WHERE event.id = event_id)'
            WHEN t = 'dispatch_entry' THEN 'EXISTS (SELECT 1 FROM dispatch WHERE dispatch.id = dispatch_id)'
            WHEN t = 'account_session' THEN 'EXISTS (SELECT 1 FROM account WHERE account.id = account_id)'
            ELSE ours END;
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY in_scope ON %I USING (%s)', t, CASE WHEN rule IN ('true') THEN rule ELSE whole || ' OR ' || rule END);
    END LOOP;
END $$;

-- Who sees a dispatch reads which unit it is of, also where that has driven out of sight: its name, not where it is.
CREATE FUNCTION sent_unit(sent bigint) RETURNS TABLE (call_sign text, service text, kind text)
LANGUAGE sql STABLE STRICT SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT u.call_sign, u.service, u.kind FROM dispatch d JOIN unit u ON u.id = d.unit_id
     WHERE d.id = sent AND (current_setting('qyran.whole', true) = 'on'
        OR d.area_id = ANY (nullif(current_setting('qyran.areas', true), '')::bigint[])
        OR d.incident_id = ANY (nullif(current_setting('qyran.incidents', true), '')::bigint[]))
$$;

-- A day of the track is a table of its own; who asks it by its own name meets the same policy.
CREATE FUNCTION guard_track(day regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', day);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', day);
    EXECUTE format('CREATE POLICY in_scope ON %s USING (%s)', day,
        (SELECT pg_get_expr(polqual, polrelid) FROM pg_policy WHERE polrelid = 'track'::regclass));
END $$;
SELECT guard_track(inhrelid::regclass) FROM pg_inherits WHERE inhparent = 'track'::regclass;

-- Made apart and attached: CREATE … PARTITION OF would lock the whole track against readers.
CREATE FUNCTION make_track_day(day date) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE name text := 'track_' || to_char(day, 'YYYYMMDD');
BEGIN
    PERFORM pg_advisory_xact_lock(7126010);              -- two writers that meet the same new day make it once
    IF to_regclass(name) IS NOT NULL THEN
        RETURN;
    END IF;
    EXECUTE format('CREATE TABLE %I (LIKE track INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', name);
    PERFORM guard_track(name::regclass);
    EXECUTE format('ALTER TABLE track ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', name,
        day::timestamp AT TIME ZONE 'UTC', (day + 1)::timestamp AT TIME ZONE 'UTC');
END $$;

-- ── what each wing may touch ────────────────────────────────────────────────────────────────────────────────
REVOKE EXECUTE ON FUNCTION enter(bigint, bigint), make_track_day(date), settle(geometry), guard_track(regclass), enter_whole(), sent_unit(bigint), keep_task() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION enter(bigint, bigint), enter_whole(), sent_unit(bigint) TO qyran_server;
GRANT EXECUTE ON FUNCTION make_track_day(date) TO qyran_ingest;

GRANT SELECT ON area, area_version, landcover, road, road_restriction, building, address, place, city, camera, source,
    event_picture, unit, unit_position, track TO qyran_server;
GRANT SELECT, INSERT, UPDATE ON incident, event, dispatch, road_closure, area_grant TO qyran_server;
GRANT UPDATE ON unit TO qyran_server;                    -- held while it is sent
GRANT SELECT, INSERT ON incident_entry, dispatch_entry, change TO qyran_server;
GRANT SELECT, INSERT, UPDATE ON account TO qyran_server;
GRANT SELECT, INSERT, UPDATE, DELETE ON account_session, sign_in_attempt TO qyran_server;
GRANT USAGE ON SEQUENCE incident_number, position_batch TO qyran_server;
GRANT SELECT ON position_batch TO qyran_server;

GRANT SELECT ON area, road, source, unit, event TO qyran_ingest;
GRANT SELECT, UPDATE ON camera TO qyran_ingest;
GRANT UPDATE ON unit TO qyran_ingest;
GRANT SELECT, INSERT, UPDATE ON unit_position TO qyran_ingest;
GRANT SELECT, INSERT ON track, change TO qyran_ingest;
GRANT INSERT ON event, event_picture TO qyran_ingest;
GRANT SELECT ON event_picture TO qyran_ingest;
GRANT USAGE ON SEQUENCE position_batch TO qyran_ingest;
