"""What state a camera is shown in: what its shard told, or that nobody tells any more; pure."""

from datetime import datetime, timedelta

from layers.cameras.health import Faring
from layers.cameras.reasons import Reason

UNTOLD = timedelta(seconds=30)  # a shard tells every few seconds


def standing(camera: Faring, now: datetime) -> tuple[str, tuple[Reason, ...]]:
    """Return the state and why. A camera that was live is unknown where nobody has told of it since."""
    if camera.state == "live" and (camera.last_frame_at is None or now - camera.last_frame_at > UNTOLD):
        return "unknown", (Reason("unheard"),)
    return camera.state, camera.why
