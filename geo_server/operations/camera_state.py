"""What state a camera is shown in: what its shard told, or that nobody tells any more; pure."""

from datetime import datetime, timedelta

from layers.cameras.health import Faring
from layers.cameras.reasons import Reason

UNTOLD = timedelta(seconds=30)  # a shard tells every few seconds


def standing(camera: Faring, now: datetime) -> tuple[str, tuple[Reason, ...]]:
    """Return the state and why. A camera that was live is unknown where nobody has told of it since.

    One whose key frames are a minute apart is told of, and lives; of one that is switched off nobody is to tell.
    """
    if not camera.enabled:
        return "unknown", (Reason("switched_off"),)
    told = [at for at in (camera.last_frame_at, camera.health.at if camera.health else None) if at is not None]
    if camera.state in ("live", "stale") and (not told or now - max(told) > UNTOLD):
        return "unknown", (Reason("unheard"),)
    return camera.state, camera.why
