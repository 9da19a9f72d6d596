-- A step counts when its device tells that it was taken; where that cannot be, when the server heard of it. Nothing is
-- done before the unit was sent, nor after it was heard of; what misses that by 5 s is at the edge: so far the clocks of
-- a phone that keeps its time by the network and of a server may differ. The record keeps both times.
CREATE FUNCTION counted_at(told timestamptz, sent_at timestamptz, received_at timestamptz) RETURNS timestamptz
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN told BETWEEN sent_at - interval '5 s' AND greatest(sent_at, received_at) + interval '5 s'
                THEN least(greatest(told, sent_at), greatest(sent_at, received_at))
                ELSE greatest(sent_at, received_at) END
$$;

-- By all that was told, so that its order changes nothing: whose end was told before its arrival did leave.
CREATE FUNCTION dispatch_times(of bigint, OUT enroute_at timestamptz, OUT onscene_at timestamptz, OUT left_at timestamptz)
    LANGUAGE sql STABLE AS $$
    SELECT enroute_at, onscene_at,
           CASE WHEN onscene_at IS NOT NULL AND left_at IS NOT NULL THEN greatest(onscene_at, left_at) END
      FROM (SELECT min(at) FILTER (WHERE status = 'enroute') AS enroute_at,
                   min(at) FILTER (WHERE status = 'onscene') AS onscene_at,
                   min(at) FILTER (WHERE status IN ('transport', 'clear', 'cancelled', 'diverted')) AS left_at
              FROM (SELECT e.status, counted_at(e.at, d.dispatched_at, e.received_at) AS at
                      FROM dispatch d JOIN dispatch_entry e ON e.dispatch_id = d.id WHERE d.id = of) told) first
$$;
CREATE OR REPLACE FUNCTION keep_dispatch_times() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE dispatch d SET enroute_at = t.enroute_at, onscene_at = t.onscene_at, left_at = t.left_at
      FROM dispatch_times(NEW.dispatch_id) t WHERE d.id = NEW.dispatch_id;
    RETURN NULL;
END $$;

ALTER TABLE dispatch NO FORCE ROW LEVEL SECURITY;
ALTER TABLE dispatch_entry NO FORCE ROW LEVEL SECURITY;
UPDATE dispatch d SET enroute_at = t.enroute_at, onscene_at = t.onscene_at, left_at = t.left_at
  FROM dispatch o, dispatch_times(o.id) t
 WHERE d.id = o.id AND EXISTS (SELECT FROM dispatch_entry WHERE dispatch_id = o.id)
   AND (d.enroute_at, d.onscene_at, d.left_at) IS DISTINCT FROM (t.enroute_at, t.onscene_at, t.left_at);
ALTER TABLE dispatch FORCE ROW LEVEL SECURITY;
ALTER TABLE dispatch_entry FORCE ROW LEVEL SECURITY;
