"""What the door does with a posted picture: whose it is, and whether it is one."""

from time import monotonic

from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.errors import Refusal, unstored
from ingest.keys import DEVICES_AGAIN_S, DEVICES_S, STORE_AWAY
from ingest.sources.jpegs import TOO_BIG_PX, Jpegs, NoPictures, size_px
from layers.cameras.queries import fed_under
from layers.database import visit

MOST_PICTURE_BYTES = 8 * 2**20


class Receivers:
    """Ids by code of the cameras that are fed by posted pictures, for each area that sources answer for."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Take the store the cameras stand in."""
        self._engine = engine
        self._seen: dict[int, tuple[float, dict[str, int]]] = {}

    async def find(self, area_id: int, code: str) -> int | None:
        """Return the camera of that code in the area or below; None where there is none that is fed."""
        read_at, cameras = self._seen.get(area_id, (float("-inf"), {}))
        age = monotonic() - read_at
        if age >= DEVICES_S or (age >= DEVICES_AGAIN_S and code not in cameras):
            cameras = await self._read(area_id)
        return cameras.get(code)

    async def _read(self, area_id: int) -> dict[str, int]:
        try:
            async with visit(self._engine) as session:
                cameras = await fed_under(session, area_id)
        except STORE_AWAY as error:
            raise unstored(error) from None
        self._seen[area_id] = (monotonic(), cameras)
        return cameras


def picture_of(body: bytes) -> bytes:
    """Return the JPEG picture that a body is; raises Refusal `no_picture` or `picture_too_big`."""
    try:
        whole = next(iter(Jpegs().feed(body)), None)
    except NoPictures:
        raise Refusal("no_picture") from None
    size = size_px(whole) if whole and body.startswith(whole[:3]) else None
    if whole is None or size is None:
        raise Refusal("no_picture")
    if size[0] * size[1] > TOO_BIG_PX:
        raise Refusal("picture_too_big", most_pixels=TOO_BIG_PX)
    return whole
