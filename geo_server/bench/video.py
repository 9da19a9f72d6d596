"""How many cameras one core carries, over real RTSP, and what a camera takes of memory; measured by ingest."""

from collections.abc import Sequence

from geo_server.bench import Figure, Ground
from geo_server.bench.detect import run as detect
from geo_server.bench.west import measured


async def run(ground: Ground) -> Sequence[Figure]:
    """Run ingest's own benches; RuntimeError with their last words where one fails."""
    return [*await detect(ground), *await measured("bench-video", ground)]
