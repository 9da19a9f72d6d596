-- The record whole: bindings as they stood are found by when they changed (decision 16).

-- The lines that tell what went from one incident to another, and when: `geo_server.replay.move_queries`.
CREATE INDEX incident_entry_moved_idx ON incident_entry (at)
    WHERE kind IN ('merged', 'merged_in', 'unmerged', 'split', 'split_from');
