-- A border that moves takes forbidden zones along, as it does whatever has a place. A plan of cameras was asked for in
-- an area: it stays there as long as that area stands and holds the middle of the plan's region, and goes to the
-- smallest that covers all of it otherwise. Added to what `settle` holds by now, whoever wrote it last.
DO $$
DECLARE
    before text := pg_get_functiondef('settle(geometry)'::regprocedure);
    after text := replace(before, '    RETURN total;', '    UPDATE forbidden_zone SET area_id = area_of(geom)
     WHERE geom && $1 AND area_id IS DISTINCT FROM area_of(geom);
    UPDATE placement p SET area_id = area_of(p.region) FROM area a
     WHERE p.region && $1 AND a.id = p.area_id
       AND (a.closed_at IS NOT NULL OR NOT ST_Covers(a.geom, ST_PointOnSurface(p.region)));
    RETURN total;');
BEGIN
    IF after = before THEN
        RAISE EXCEPTION 'settle() no longer ends as expected: plans of cameras would be left behind';
    END IF;
    EXECUTE after;
END $$;
