-- What was heard, and what was not: panics that are raised anew after somebody acknowledged them.

ALTER TABLE panic
    ADD COLUMN heard_before jsonb NOT NULL DEFAULT '[]'   -- [{"at", "by"}]: acknowledgements of earlier presses
        CHECK (jsonb_typeof(heard_before) = 'array');
