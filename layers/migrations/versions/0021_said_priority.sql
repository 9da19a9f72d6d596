-- Whether a person said how urgent an incident is: what place and time ask for then raises it no more.
-- What stands already keeps what it has, for nobody knows any more who said it.
ALTER TABLE incident ADD COLUMN priority_said boolean NOT NULL DEFAULT true;
ALTER TABLE incident ALTER COLUMN priority_said SET DEFAULT false;
