"""Which shard of the cluster runs which camera; pure."""

from collections.abc import Collection, Mapping

from ingest.shards.planning import shared_out


def allotted(cameras: Collection[int], before: Mapping[int, str], shards: Collection[str]) -> dict[int, str]:
    """Return the shard of each camera: where it was, unless that shard is gone or carries two more than another."""
    names = sorted(shards)
    if not names:
        return {}
    numbers = {name: number for number, name in enumerate(names)}
    was = {camera: numbers[shard] for camera, shard in before.items() if shard in numbers}
    where = shared_out(cameras, was, len(names))
    return {camera: names[number] for camera, number in _evened(where, len(names)).items()}


def _evened(where: Mapping[int, int], shards: int) -> dict[int, int]:
    carried: list[list[int]] = [[] for _ in range(shards)]
    for camera, shard in sorted(where.items()):
        carried[shard].append(camera)
    while len(most := max(carried, key=len)) - len(least := min(carried, key=len)) > 1:
        least.append(most.pop())
    return {camera: shard for shard, cameras in enumerate(carried) for camera in cameras}
