"""Vehicles are read, voted on and held against the hotlist; what does not hit leaves nothing behind."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from ingest.detectors.detector import RuleError
from ingest.detectors.plate_read import PlateFault, PlateRead, PlateReadRule
from ingest.detectors.rule import function_of
from ingest.plates.voting import Read
from ingest.values import Image, Scene, Seen, Track
from layers.hotlist.schema import Wanted
from tests.ingest.surroundings import AMONG

START = datetime(2026, 1, 1, tzinfo=UTC)
LISTED, CANARY = "123ABC02", "777XYZ05"
IMAGE = np.zeros((576, 768, 3), np.uint8)


@dataclass
class Told:
    """A reader that reads what it is told, and counts how often it is asked."""

    reads: Callable[[int], Read | None]
    asked: int = 0

    def read(self, vehicle: Image) -> Read | None:
        self.asked += 1
        return self.reads(self.asked)


@dataclass
class OneWanted:
    """A hotlist of one plate, which remembers what it was asked."""

    asked: list[str] = field(default_factory=list)

    def wanted(self, plate: str, camera_id: int, at: datetime) -> tuple[Wanted, ...]:
        self.asked.append(plate)
        if plate != LISTED:
            return ()
        times = (START, START + timedelta(days=1))
        return (
            Wanted(
                id=7,
                plate=plate,
                kind="stolen",
                legal_basis="ERDR 1",
                owner="Medeu",
                area_id=1,
                begins_at=times[0],
                ends_at=times[1],
            ),
        )


def reads(text: str, certainty: float = 0.9, width_px: float = 160) -> Callable[[int], Read | None]:
    return lambda _: Read(text=text, certainty=certainty, width_px=width_px)


def car(number: int = 1, *, width: float = 300, label: str = "car", seen: bool = True) -> Track:
    box = (100.0, 100.0, 100.0 + width, 300.0)
    return Track(id=number, label=label, score=0.8, box=box, foot=(250, 300), confirmed=True, seen=seen)


def rule(reader: Told, hotlist: OneWanted | None = None, **settings: object) -> PlateReadRule:
    given = PlateRead(**settings)  # type: ignore[arg-type]
    return PlateReadRule(given, replace(AMONG, hotlist=hotlist or OneWanted()), reader)


def drive(one: PlateReadRule, seconds: Sequence[float], *tracks: Track) -> list[Seen]:
    scenes = [Scene(at=START + timedelta(seconds=s), tracks=tracks, image=IMAGE) for s in seconds]
    return [seen for scene in scenes for seen in one.update(scene)]


FEW = [n * 0.25 for n in range(8)]


def test_a_vehicle_on_the_list_is_told_once_with_the_grounds_of_its_entry() -> None:
    (hit,) = drive(rule(Told(reads(LISTED))), FEW, car())
    assert (hit.kind, hit.at) == ("plate_hit", START + timedelta(seconds=0.5)) and 0.85 < hit.certainty < 0.95
    assert {name: hit.details[name] for name in ("entry", "plate", "wanted", "reads")} == {
        "entry": 7,
        "plate": LISTED,
        "wanted": "stolen",
        "reads": 3,
    }
    assert (hit.details["legal_basis"], hit.details["owner"]) == ("ERDR 1", "Medeu")


def test_a_vehicle_that_is_not_on_the_list_is_told_to_nobody_and_forgotten(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    one, hotlist = None, OneWanted()
    one = rule(Told(reads(CANARY)), hotlist)
    assert drive(one, FEW, car()) == []
    assert hotlist.asked == [CANARY]  # it was read, and held against the list
    held = repr([one._votes, one._done, one._last, one._quiet, one])
    assert CANARY not in held and one._votes == {} and one._last == {}
    assert CANARY not in caplog.text + "".join(capsys.readouterr())


def test_it_is_read_no_more_once_it_is_decided_on() -> None:
    reader = Told(reads(CANARY))
    drive(rule(reader), [n * 0.25 for n in range(40)], car())
    assert reader.asked == 3


def test_pictures_of_many_vehicles_are_read_in_turn_and_so_many_a_second() -> None:
    reader = Told(lambda _: None)
    one = rule(reader, reads_per_s=2.0)
    drive(one, [n / 25 for n in range(50)], *(car(n) for n in range(4)))
    assert reader.asked == 4
    assert [vote.tries for vote in one._votes.values()] == [1, 1, 1, 1]


def test_one_that_has_gone_before_its_frames_were_read_is_decided_on_by_what_there_is() -> None:
    one = rule(Told(reads(LISTED)))
    assert drive(one, [0.0], car()) == []
    assert [hit.details["reads"] for hit in drive(one, [3.0])] == [1]


@pytest.mark.parametrize(
    ("track", "read"),
    [
        (car(label="person"), reads(LISTED)),
        (car(seen=False), reads(LISTED)),
        (car(width=80), reads(LISTED)),
        (car(), reads(LISTED, width_px=50)),
        (car(), reads(LISTED, certainty=0.3)),
        (car(), lambda n: Read(text=f"12{n % 5}ABC02", certainty=0.9, width_px=160)),
    ],
    ids=["a person", "out of sight", "too far", "plate too narrow", "unsure", "every frame another"],
)
def test_what_is_not_to_be_trusted_is_not_told(track: Track, read: Callable[[int], Read | None]) -> None:
    one = rule(Told(read))
    assert drive(one, [n * 0.25 for n in range(20)], track) + drive(one, [9.0]) == []


def test_further_hits_of_an_entry_are_merged_into_its_next_event() -> None:
    one = rule(Told(reads(LISTED)), cooldown_s=60)
    moments = [(n * 10 + s, n) for n in range(8) for s in (0, 0.3, 0.6)]
    hits = [hit for at, n in moments for hit in drive(one, [at], car(n))]
    assert [(hit.details["track"], hit.details["merged"]) for hit in hits] == [(0, 0), (6, 5)]


def test_a_fault_leaves_without_the_plate_that_it_holds() -> None:
    class Failing(OneWanted):
        def wanted(self, plate: str, camera_id: int, at: datetime) -> tuple[Wanted, ...]:
            raise KeyError(plate)

    one = rule(Told(reads(CANARY)), Failing())
    with pytest.raises(PlateFault) as caught:
        drive(one, FEW, car())
    assert str(caught.value) == "KeyError" and caught.value.__cause__ is None and caught.value.__suppress_context__
    assert one._votes == {}


def test_a_clock_that_jumps_back_neither_stops_the_reading_nor_keeps_a_vote() -> None:
    reader = Told(reads(LISTED))
    one = rule(reader)
    drive(one, [0.0, 0.3], car())
    assert len(drive(one, [-3600.0, -3599.7, -3599.4, -3599.1], car(2))) == 1


@pytest.mark.parametrize(
    "settings",
    [
        {"frames": 0},
        {"reads_per_s": float("nan")},
        {"reads_per_s": 1000},
        {"least_px": 10},
        {"certainty": 0},
        {"cooldown_s": -1},
        {"cooldown_s": float("inf")},
    ],
)
def test_settings_that_cannot_be_are_refused_in_a_sentence(settings: dict[str, float]) -> None:
    with pytest.raises(RuleError, match="rule plate_read is not usable"):
        function_of({"function": "plate_read", "settings": settings}, AMONG)


def test_a_home_without_the_models_is_told_to_people_and_which_is_missing_to_the_log(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(RuleError) as raised:
        function_of({"function": "plate_read"}, replace(AMONG, home=Path("nowhere")))
    assert raised.value.reason.code == "no_plate_reader"
    assert "ppocrv6-det.onnx is neither" in capsys.readouterr().out
