"""A process that reads hostile streams bounds what it may take, for good."""

import subprocess
import sys


def test_it_leaves_no_core_of_pictures_and_may_not_take_the_machine() -> None:
    asked = """
import os
import resource as r
from ingest.shards.limits import OPEN_FILES, limit_process
before = os.nice(0)
limit_process(memory_bytes=2**33, nicer=3)
assert r.getrlimit(r.RLIMIT_CORE) == (0, 0)
assert 0 < r.getrlimit(r.RLIMIT_NOFILE)[0] <= OPEN_FILES and r.getrlimit(r.RLIMIT_AS)[1] == 2**33
assert os.nice(0) == before + 3
"""
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
