"""One picture of one camera, for whoever stands at the shell."""

import time
from pathlib import Path

from ingest.snapshots import taken
from ingest.sources.register import open_source
from ingest.sources.source import SourceError, SourceSettings
from layers.cameras.calibration_queries import Snapshot
from layers.cameras.queries import CameraRow

WAITED_S, LOOK_AGAIN_S = 12.0, 0.05


def still(row: CameraRow, home: Path) -> Snapshot:
    """Read a camera until its first frame; SourceError says why none came."""
    source = open_source(row.reader, SourceSettings(camera_id=row.id, url=row.url, home=home))
    source.set_active(True)
    source.start()
    try:
        until = time.monotonic() + WAITED_S
        while time.monotonic() < until:
            if (frame := source.mailbox.take()) is not None:
                return taken(frame, row)
            if (health := source.health()).state == "down":
                raise SourceError(health.why[0].code, **health.why[0].details)
            time.sleep(LOOK_AGAIN_S)
        raise SourceError("silent", seconds=WAITED_S)
    finally:
        source.stop()
