"""One machine needs no cluster: its engine is known to one room, and loaded when that room is asked for alone."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
KNOWS = re.compile(r"^\s*(import|from) ray\b|import_module\(.ray\b", re.MULTILINE)


def test_the_engine_is_named_in_one_module_of_each_wing() -> None:
    files = (path for wing in ("layers", "geo_server", "ingest") for path in (ROOT / wing).rglob("*.py"))
    assert [str(path.relative_to(ROOT)) for path in files if KNOWS.search(path.read_text())] == [
        "geo_server/planning/engine.py",
        "ingest/cluster/engine.py",
    ]


def test_neither_the_door_nor_a_shard_nor_the_rooms_own_modules_load_it() -> None:
    asked = "import sys, ingest.serve, ingest.shards.child, ingest.cluster.joining; print('ray' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
