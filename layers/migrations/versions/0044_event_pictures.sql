-- A picture of an event as it is, and, where its camera hides something from people, with the privacy masks burnt in.
-- One of before has none: whoever sees its camera masked is not shown it.
ALTER TABLE event_picture ADD COLUMN masked_jpeg bytea;
