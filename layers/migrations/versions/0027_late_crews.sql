-- A phone is woken for as long as its session holds; what has none is a program's. Phones that subscribed before 0022
-- are of nobody knows which session: they are forgotten, and subscribe anew as their page opens.
ALTER TABLE push_subscription NO FORCE ROW LEVEL SECURITY;
DELETE FROM push_subscription WHERE session_id IS NULL;
ALTER TABLE push_subscription FORCE ROW LEVEL SECURITY;

-- What a crew sends late belongs to the incident that its unit was bound to then.
CREATE INDEX dispatch_unit_id_idx ON dispatch (unit_id, dispatched_at);
