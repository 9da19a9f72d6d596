"""The video pipeline's frames a second, measured by ingest on the model of this home."""

from collections.abc import Sequence

from geo_server.bench import Figure, Ground
from geo_server.bench.west import measured


async def run(ground: Ground) -> Sequence[Figure]:
    """Run ingest's own bench; RuntimeError with its last words where it fails."""
    return await measured("bench-detect", ground)
