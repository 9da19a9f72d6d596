-- A grant hands over a look at an area's cameras: neither what was exported of them, nor the say over what is held.

-- How a table is protected from here on: forced, for the whole scope or by a rule of its own.
CREATE FUNCTION protect(protected regclass, rule text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', protected);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', protected);
    EXECUTE format('DROP POLICY IF EXISTS in_scope ON %s', protected);
    EXECUTE format('CREATE POLICY in_scope ON %s USING ((SELECT current_setting(''qyran.whole'', true)) = ''on'' OR (%s))', protected, rule);
END $$;
-- The rules that return: seen with its camera; in an area that is seen; in one that is answered for, which no grant adds to.
CREATE FUNCTION with_its_camera() RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT 'EXISTS (SELECT 1 FROM camera WHERE camera.id = camera_id)' $$;
CREATE FUNCTION in_areas_seen() RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT 'area_id = ANY ((SELECT nullif(current_setting(''qyran.areas'', true), '''')::bigint[])::bigint[])' $$;
CREATE FUNCTION in_areas_below() RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT 'area_id = ANY ((SELECT nullif(current_setting(''qyran.below'', true), '''')::bigint[])::bigint[])' $$;
REVOKE EXECUTE ON FUNCTION protect(regclass, text), with_its_camera(), in_areas_seen(), in_areas_below() FROM PUBLIC;

SELECT protect('video_export', in_areas_below() || ' AND NOT EXISTS (SELECT 1 FROM unnest(camera_ids) c (id)
    WHERE NOT EXISTS (SELECT 1 FROM camera WHERE camera.id = c.id))');

-- Whoever answers for the camera releases a hold on it; what a hold says is never written anew.
DO $$
BEGIN
    EXECUTE format('CREATE POLICY released_below ON legal_hold AS RESTRICTIVE FOR UPDATE USING (
        (SELECT current_setting(''qyran.whole'', true)) = ''on'' OR EXISTS (
            SELECT 1 FROM camera WHERE camera.id = camera_id AND camera.%s))', in_areas_below());
END $$;
REVOKE UPDATE ON legal_hold FROM qyran_server;
GRANT UPDATE (released_at, released_by, release_reason) ON legal_hold TO qyran_server;

-- Whether a session may still be shown a camera: a view that is open ends with the grant it was opened by.
CREATE FUNCTION may_watch(watching bigint, watched bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM account_session s
          JOIN account a ON a.id = s.account_id AND a.disabled_at IS NULL
          JOIN area own ON own.id = a.area_id AND own.closed_at IS NULL
          JOIN camera c ON c.id = watched
          JOIN area at ON at.id = c.area_id
         WHERE s.id = watching AND s.ended_at IS NULL AND s.expires_at > now()
           AND (own.level = 1 OR own.id = ANY (at.path) OR EXISTS (
               SELECT 1 FROM area_grant g WHERE g.kind = 'area' AND g.to_area_id = own.id AND g.revoked_at IS NULL
                  AND now() >= g.begins_at AND now() < g.ends_at AND g.area_id = ANY (at.path))))
$$;
REVOKE EXECUTE ON FUNCTION may_watch(bigint, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION may_watch(bigint, bigint) TO qyran_ingest;
