"""How many cameras one core carries: real RTSP streams of 640x360, the whole way from the socket to the rules.

The cameras run in a process of their own on one core (where there is another for the servers): a shard as it is in use.
Activity is real: some cameras show the pedestrians' clip, the others one still frame of it with the noise of a lens.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ingest.demo import clips

SIZE_PX = (640, 360)
FPS, KEY_EVERY = 25, 25
SERVER = Path(__file__).parent / "demo" / "rtsp_server.py"
CLIP = "fetched/vtest.avi"
WARM_S, RUN_S, LONG_S = 12.0, 20.0, 120.0
FEW, MANY, ALL_ACTIVE, LONG = 10, 100, 30, 200


def figures(home: Path, *, run_s: float = RUN_S, long_s: float = LONG_S) -> list[dict[str, Any]]:
    """Measure cameras a core at a tenth of activity and all active, memory a camera, and a long run without faults.

    ModelError where the model is not converted; FFmpegError where the clip is no video; OSError without a server.
    """
    moving, still = made(home)
    with served(moving, MANY // 10 + LONG // 10 + ALL_ACTIVE) as busy, served(still, LONG) as quiet:
        few = shard(home, busy, quiet, FEW, FEW // 10, run_s)
        many = shard(home, busy, quiet, MANY, MANY // 10, run_s)
        active = shard(home, busy, quiet, ALL_ACTIVE, ALL_ACTIVE, run_s)
        long = shard(home, busy, quiet, LONG, LONG // 10, long_s)
    return [*_capacity(many, active), *_memory(few, long), *_errors(long)]


def made(home: Path) -> tuple[Path, Path]:
    """Return the clip that moves and the one that does not, as the server wants them."""
    folder = home / "clips"
    options = clips.Options(size_px=SIZE_PX, fps=FPS, key_every=KEY_EVERY, bit_rate=800_000)
    moving = clips.h264_of(home / CLIP, folder / "bench-moving.h264", options)
    return moving, clips.still_of(home / CLIP, folder / "bench-still.h264", options)


@contextmanager
def served(clip: Path, names: int) -> Iterator[str]:
    """Serve a clip at `c0` … in a process on another core; yield the beginning of their addresses."""
    command = ["/usr/bin/python3", str(SERVER), "--fps", str(FPS), "0", str(clip), *(f"c{n}" for n in range(names))]
    with subprocess.Popen([*_pinned(0), *command], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield f"rtsp://127.0.0.1:{json.loads(server.stdout.readline())['port']}/c"
        finally:
            server.terminate()


def shard(home: Path, busy: str, quiet: str, cameras: int, active: int, run_s: float) -> dict[str, Any]:
    """Run that many cameras, some of them active, in a process of their own; return what it told of itself."""
    urls = [f"{busy}{n}" for n in range(active)] + [f"{quiet}{n}" for n in range(cameras - active)]
    told = {"home": str(home.resolve()), "urls": urls, "warm_s": WARM_S + cameras / 10, "run_s": run_s}
    command = [*_pinned(1), sys.executable, "-m", "ingest.bench_shard"]
    here = os.environ | {"QYRAN_CAMERA_NETWORKS": "127.0.0.0/8"}
    done = subprocess.run(command, env=here, input=json.dumps(told), capture_output=True, text=True)
    if done.returncode:
        raise OSError((done.stderr.strip().splitlines() or ["the shard said nothing"])[-1])
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _pinned(core: int) -> Sequence[str]:
    return ("taskset", "-c", str(core)) if (os.cpu_count() or 1) > 1 else ()


def _capacity(many: dict[str, Any], active: dict[str, Any]) -> list[dict[str, Any]]:
    looked = many["looks_s"] / (MANY // 10)
    return [
        {
            "name": f"video: {MANY} cameras on one core, a tenth active ({looked:.1f} looks each and second): live",
            "value": many["live"],
            "unit": "cameras",
            "floor": round(many["cores"], 3),
            "ratio": None,
            "asked": ">= 100 live, none older than 3 s, >= 1 look",
            "holds": many["live"] == MANY >= 100 and many["oldest_s"] < 3 and looked >= 1,
        },
        {
            "name": f"video: {ALL_ACTIVE} cameras all active on one core, looks a camera and second",
            "value": round(active["looks_s"] / ALL_ACTIVE, 2),
            "unit": "looks/s",
            "floor": round(active["bare_s"], 1),
            "ratio": round(active["looks_s"] / active["bare_s"], 3),
            "asked": ">= 1, every camera live",
            "holds": active["live"] == ALL_ACTIVE and active["fewest_looks_s"] >= 1,
        },
    ]


def _memory(few: dict[str, Any], long: dict[str, Any]) -> list[dict[str, Any]]:
    each_mb = (long["rss_mb"] - few["rss_mb"]) / (LONG - FEW)
    return [
        {
            "name": f"video: memory a camera, from {FEW} to {LONG}",
            "value": round(each_mb, 2),
            "unit": "MB",
            "floor": round(few["rss_mb"]),
            "ratio": None,
            "asked": "<= 5",
            "holds": each_mb <= 5,
        }
    ]


def _errors(long: dict[str, Any]) -> list[dict[str, Any]]:
    wrong = long["faults"] + long["reconnects"] + LONG - long["live"]
    return [
        {
            "name": f"video: {LONG} cameras for {long['ran_s']:.0f} s: faults, reconnects, cameras not live",
            "value": wrong,
            "unit": "",
            "floor": None,
            "ratio": None,
            "asked": "0",
            "holds": wrong == 0,
        }
    ]
