-- A planner who moves a camera on the map writes where it hangs; its area follows by the trigger of places, and the
-- policy `changed_below` keeps both the old and the new place within the area entered.
GRANT UPDATE (geom) ON camera TO qyran_server;
