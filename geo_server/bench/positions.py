"""Durable positions a second, measured by ingest beside the database of the bench."""

from collections.abc import Sequence

from geo_server.bench import Figure, Ground
from geo_server.bench.west import measured


async def run(ground: Ground) -> Sequence[Figure]:
    """Run ingest's own bench; RuntimeError with its last words where it fails."""
    return await measured("bench-positions", ground)
