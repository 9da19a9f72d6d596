"""The process of footage bounds what it may take."""

import subprocess
import sys


def test_it_leaves_no_core_of_pictures_and_may_not_take_the_machine() -> None:
    asked = """
import resource as r
from ingest.footage.serve import FILES, MEMORY_BYTES, limit
limit()
assert r.getrlimit(r.RLIMIT_CORE) == (0, 0)
assert r.getrlimit(r.RLIMIT_NOFILE)[0] <= FILES and 0 < r.getrlimit(r.RLIMIT_AS)[0] <= MEMORY_BYTES
"""
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
