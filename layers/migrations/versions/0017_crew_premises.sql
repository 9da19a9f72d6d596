-- What is known of the premises that a crew is sent to: hazards and notes alone, of the incidents its unit is bound to.

-- A crew is of no area, and of each area's notes it is told those of its own address: so the store answers for one
-- incident instead of opening the table.
CREATE FUNCTION premises_of_crew(sent_to bigint, radius_m double precision) RETURNS TABLE (kind text, text text)
LANGUAGE sql STABLE STRICT SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT n.kind, n.text FROM incident i JOIN premises_note n
        ON (n.geom && ST_Buffer(i.geom::geography, radius_m)::geometry
            AND ST_DWithin(n.geom::geography, i.geom::geography, radius_m)) OR n.address_key = i.address_key
     WHERE i.id = sent_to AND i.id = ANY (nullif(current_setting('qyran.incidents', true), '')::bigint[])
       AND nullif(current_setting('qyran.crew', true), '') IS NOT NULL
       AND n.kind IN ('hazard', 'note') AND n.ended_at IS NULL AND (n.until IS NULL OR n.until > now())
     ORDER BY n.kind, n.made_at DESC, n.id DESC LIMIT 50
$$;
REVOKE EXECUTE ON FUNCTION premises_of_crew(bigint, double precision) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION premises_of_crew(bigint, double precision) TO qyran_server;
