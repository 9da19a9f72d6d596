"""Who watches a camera, and who sees it with its privacy masks burnt in (decision 23; Almaty 213, art. 7 and 9)."""

import secrets
from dataclasses import dataclass
from typing import Protocol

from geo_server.errors import Refusal
from layers.database import Session
from layers.values import Role
from layers.video import queries
from layers.video.schema import Kind, NewTicket, Watchable, digest
from layers.viewer import Viewer

FRAGMENTED = frozenset({"rtsp", "video_file"})  # what may be shown untouched; the others picture by picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """A ticket as it is handed out, once."""

    token: str
    kind: Kind
    masked: bool
    watermark: str


class Hiding(Protocol):
    """A camera, or a picture of one, with what is to be known of it to tell whom its masks hold for."""

    @property
    def has_privacy_masks(self) -> bool:
        """Say whether there is anything to hide."""

    @property
    def own(self) -> bool:
        """Say whether the viewer answers for the camera's area, or for one above it."""


def is_masked(role: Role, camera: Hiding) -> bool:
    """Say whether the camera's privacy masks hold for a viewer.

    Whoever answers for the camera's area, or for one above it, and acts there sees it whole; who plans, or sees it by
    another area's grant alone, does not.
    """
    return camera.has_privacy_masks and (role is Role.PLANNER or not camera.own)


def kind_for(camera: Watchable, asked: Kind, *, masked: bool) -> Kind:
    """Return how it is shown: masks are burnt into pictures that were decoded, so those come one by one."""
    return "mjpeg" if masked or camera.reader not in FRAGMENTED else asked


async def hand_out(session: Session, viewer: Viewer, session_id: int, camera_id: int, asked: Kind) -> Handed:
    """Write a ticket for a camera that the viewer sees; raises Refusal `no_such_camera`, `camera_off`."""
    camera = await queries.watchable(session, viewer, camera_id)
    if camera is None:
        raise Refusal("no_such_camera", id=camera_id)
    if not camera.enabled:
        raise Refusal("camera_off", id=camera_id)
    masked, token = is_masked(viewer.role, camera), secrets.token_urlsafe(32)
    handed = Handed(token=token, kind=kind_for(camera, asked, masked=masked), masked=masked, watermark=viewer.name)
    await queries.write_ticket(session, _ticket(handed, viewer, session_id, camera_id))
    return handed


def _ticket(handed: Handed, viewer: Viewer, session_id: int, camera_id: int) -> NewTicket:
    return NewTicket(
        token_sha256=digest(handed.token),
        kind=handed.kind,
        camera_id=camera_id,
        account_id=viewer.account_id,
        account=viewer.name,
        session_id=session_id,
        watermark=handed.watermark,
        masked=handed.masked,
    )
