"""`python -m ingest.demo`: the same as `python -m ingest demo`."""

from ingest.demo.cli import app

app(prog_name="python -m ingest demo")
