"""The views that cameras are held to, as they are kept over a restart."""

from collections.abc import Collection, Mapping

from sqlalchemy import delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from layers.cameras.table import camera, camera_preset, camera_view
from layers.cameras.views import KeptView
from layers.database import Session


async def kept(session: Session, cameras: Collection[int]) -> dict[int, dict[str, KeptView]]:
    """Return what is kept of each of these cameras, by the preset that it was seen at; none where it has none.

    Whoever calibrates a camera says that it looks where it should: a view of before is not returned.
    """
    if not cameras:
        return {}
    v = camera_view.c
    at_preset = (camera_preset.c.camera_id == v.camera_id) & (camera_preset.c.token == v.preset)
    calibrated_at = func.greatest(camera.c.calibrated_at, camera_preset.c.calibrated_at)
    asked = (
        select(v.camera_id, v.preset, v.at, v.stream, v.png, v.dx, v.dy)
        .join(camera, camera.c.id == v.camera_id)
        .outerjoin(camera_preset, at_preset)
        .where(v.camera_id.in_(cameras), or_(calibrated_at.is_(None), v.at > calibrated_at))
    )
    found: dict[int, dict[str, KeptView]] = {}
    for row in await session.execute(asked):
        one = KeptView(at=row.at, stream=row.stream, png=row.png, dx=row.dx, dy=row.dy)
        found.setdefault(row.camera_id, {})[row.preset] = one
    return found


async def keep(session: Session, views: Mapping[tuple[int, str], KeptView]) -> None:
    """Keep views by camera and preset, each over the one before."""
    for (camera_id, preset), one in views.items():
        own = {"at": one.at, "stream": one.stream, "png": one.png, "dx": one.dx, "dy": one.dy}
        new = insert(camera_view).values(camera_id=camera_id, preset=preset, **own)
        await session.execute(new.on_conflict_do_update(index_elements=["camera_id", "preset"], set_=own))


async def forget(session: Session, held: Mapping[int, Collection[str]]) -> None:
    """Forget the views of these cameras at other presets than those at which they are held to one."""
    for camera_id, presets in held.items():
        mine = camera_view.c.camera_id == camera_id
        await session.execute(delete(camera_view).where(mine, camera_view.c.preset.not_in(presets)))
