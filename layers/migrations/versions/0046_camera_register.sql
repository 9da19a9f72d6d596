-- The register of cameras (MIA 897 §6.5, Almaty 213): whose each one is and under which contract, what it hangs on and
-- is fed by, what it is for and watches, and what is known of it that its stream does not tell.

ALTER TABLE camera
    ADD COLUMN owner text CHECK (owner <> ''),
    ADD COLUMN contract text CHECK (contract <> ''),
    ADD COLUMN contract_until date,
    ADD COLUMN installed_on date,
    ADD COLUMN class text CHECK (class <> ''),   -- as its register calls it
    ADD COLUMN model text CHECK (model <> ''),
    ADD COLUMN pole text CHECK (pole <> ''),     -- what fails together: the mast, the node that feeds it, the link it is on
    ADD COLUMN node text CHECK (node <> ''),
    ADD COLUMN link text CHECK (link <> ''),
    ADD COLUMN modules text[] NOT NULL DEFAULT '{}' CHECK (modules <@ ARRAY['person', 'plate', 'situation']),
    ADD COLUMN watches text[] NOT NULL DEFAULT '{}'
        CHECK (watches <@ ARRAY['road', 'barrier', 'passage', 'flow', 'slow', 'fast']),
    ADD COLUMN facts jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(facts) = 'object');  -- numbers by a rule's fact
CREATE INDEX camera_owner_idx ON camera (owner) WHERE owner IS NOT NULL;
CREATE INDEX camera_pole_idx ON camera (pole) WHERE pole IS NOT NULL;
CREATE INDEX camera_node_idx ON camera (node) WHERE node IS NOT NULL;
CREATE INDEX camera_link_idx ON camera (link) WHERE link IS NOT NULL;
