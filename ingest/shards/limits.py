"""What a process that reads hostile streams may take of the machine."""

import os
import resource
import sys

MEMORY_BYTES = 12 * 2**30  # of addresses, of which a shard of a hundred cameras uses a tenth
OPEN_FILES = 8192
ABANDONED_S = 3.0  # a shard that stops in mid-visit keeps its leases from others for so long at most
NICER = 5  # the doors answer first
TURN_S = 0.0005  # a reader's thread must not keep the interpreter from the detector's for Python's own 5 ms


def limit_process(*, memory_bytes: int = MEMORY_BYTES, nicer: int = NICER) -> None:
    """Bound this process for good: no core dumps (they hold pictures), bounded memory and files, behind the doors."""
    _bound(resource.RLIMIT_CORE, 0)
    _bound(resource.RLIMIT_AS, memory_bytes)
    _bound(resource.RLIMIT_NOFILE, OPEN_FILES)
    os.nice(nicer)
    sys.setswitchinterval(TURN_S)


def _bound(what: int, most: int) -> None:
    _, hard = resource.getrlimit(what)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (most, most))
