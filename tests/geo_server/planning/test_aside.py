"""What a dragged camera would see is reckoned beside the server, and again where that process was ended."""

import os
import signal
from collections.abc import Iterator

import pytest

from geo_server.planning.aside import Aside
from geo_server.planning.poses import Band, Pose
from geo_server.planning.viewing import bands

pytestmark = pytest.mark.anyio
POSE = Pose(
    lon=76.94, lat=43.24, height_m=6.0, heading_deg=0.0, hfov_deg=60.0, tilt_deg=10.0, range_m=100.0, width_px=1920,
    height_px=1080,
)  # fmt: skip


@pytest.fixture
def aside() -> Iterator[Aside]:
    one = Aside()
    yield one
    one.close()


def sizes(found: object) -> list[tuple[str, float]]:
    assert isinstance(found, list)
    return [(one.name, one.area_m2) for one in found if isinstance(one, Band)]


async def test_it_tells_what_is_reckoned_here_also_after_its_process_was_killed(aside: Aside) -> None:
    here = sizes(bands(POSE, [], "purposes"))
    assert sizes(await aside.bands(POSE, [], "purposes")) == here != []
    assert aside._process is not None
    for pid in aside._process._processes:
        os.kill(pid, signal.SIGKILL)
    assert sizes(await aside.bands(POSE, [], "purposes")) == here
