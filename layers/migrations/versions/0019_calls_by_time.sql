-- A replay asks for the calls of an interval, ended ones too.

CREATE INDEX call_rang_at_idx ON call (rang_at);
