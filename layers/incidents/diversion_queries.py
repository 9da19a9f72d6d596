"""What a line of the timeline, `e`, tells of a diversion: the other incident's number to who sees that one too.

It stands in no line: it is read through dispatches and incidents, whose policies answer with what is seen (decision
10). What lines once held of it is not told.
"""

_TO = """
SELECT jsonb_build_object('to', jsonb_build_object('id', i.id, 'number', i.number))
  FROM dispatch gone JOIN dispatch sent ON sent.id = gone.diverted_to JOIN incident i ON i.id = sent.incident_id
 WHERE gone.id = CAST(e.details ->> 'dispatch_id' AS bigint)"""
_FROM = """
SELECT jsonb_build_object('from', jsonb_build_object('number', string_agg(DISTINCT i.number, ', ' ORDER BY i.number)))
  FROM jsonb_array_elements_text(e.details -> 'dispatches') AS sent(id)
  JOIN dispatch gone ON gone.diverted_to = CAST(sent.id AS bigint) JOIN incident i ON i.id = gone.incident_id
HAVING count(*) > 0"""
DETAILS = f"""
CASE WHEN e.kind = 'status' AND e.details ->> 'status' = 'diverted'
     THEN (e.details - 'to') || coalesce(({_TO}), '{{}}')
     WHEN e.kind = 'dispatched' THEN (e.details - 'from') || coalesce(({_FROM}), '{{}}')
     ELSE e.details END"""
