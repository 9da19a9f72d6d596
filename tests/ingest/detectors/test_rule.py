from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from ingest.detectors.detector import RuleError
from ingest.detectors.rule import (
    Hours,
    Mask,
    Rule,
    Ruled,
    any_awaits,
    function_of,
    looks_at,
    masks_of,
    past,
    stands,
)
from ingest.values import CameraNow, Scene, Seen, Track
from ingest.watching import Watch
from layers.cameras.reasons import message
from tests.ingest.detectors.moving import START, track
from tests.ingest.surroundings import AMONG
from tests.ingest.test_watching import ROW

LEFT = ((0.0, 0.0), (384.0, 0.0), (384.0, 576.0), (0.0, 576.0))
MONDAY = datetime(2026, 11, 23, tzinfo=UTC) - timedelta(hours=5)  # midnight in Almaty


@dataclass
class Noting:
    """A function that notes what it is shown and always tells."""

    scenes: list[Scene] = field(default_factory=list)

    def update(self, scene: Scene) -> Sequence[Seen]:
        self.scenes.append(scene)
        return (Seen(kind="motion", at=scene.at, certainty=1, box=(0, 0, 1, 1), foot=(0, 0), details={"n": 1}),)


def at(day: int, clock: str) -> datetime:
    return MONDAY + timedelta(days=day, hours=int(clock[:2]), minutes=int(clock[3:]))


@pytest.mark.parametrize(
    ("hours", "inside", "outside"),
    [
        ({}, [(0, "00:00"), (6, "23:59")], []),
        ({"since": "09:00", "until": "18:00"}, [(0, "09:00"), (2, "17:59")], [(0, "08:59"), (0, "18:00")]),
        ({"days": ("mon",)}, [(0, "00:00"), (0, "23:59")], [(1, "00:00"), (6, "23:59")]),
        (
            {"days": ("mon",), "since": "22:00", "until": "06:00"},
            [(0, "22:00"), (1, "05:59")],
            [(0, "05:59"), (1, "06:00"), (1, "22:00")],
        ),
        ({"days": ("sun",), "since": "12:00", "until": "12:00"}, [(6, "12:00"), (7, "11:59")], [(6, "11:59")]),
    ],
)
def test_hours_are_those_of_almaty_and_of_the_day_on_which_they_begin(
    hours: dict[str, object], inside: list[tuple[int, str]], outside: list[tuple[int, str]]
) -> None:
    schedule = (Hours(**hours),)  # type: ignore[arg-type]
    assert [looks_at(schedule, at(*moment)) for moment in inside] == [True] * len(inside)
    assert [looks_at(schedule, at(*moment)) for moment in outside] == [False] * len(outside)
    assert looks_at((), at(3, "03:00"))


def test_a_rule_bound_to_a_view_looks_in_it_alone_and_never_while_the_camera_moves() -> None:
    assert stands(None, CameraNow(preset="2", moving=True))
    assert stands("1", CameraNow(preset="1"))
    assert not any(stands("1", now) for now in (CameraNow(), CameraNow(preset="2"), CameraNow(preset="1", moving=True)))


def test_fire_on_a_camera_of_too_few_frames_to_see_it_is_told_as_a_fault_and_not_silent() -> None:
    row = replace(ROW, rules=[{"function": "fire"}], fps_limit=2.0)
    told = Watch(row, AMONG.home, None).faults
    assert message(told[-1]).en == "The rule fire needs 4 frames a second or more; the camera is looked at 2 times."
    assert Watch(replace(row, fps_limit=4.0), AMONG.home, None).faults == told[:-1]


def test_what_stands_or_moves_in_a_mask_is_unseen() -> None:
    here, hidden = track((500, 300), 1), track((300, 300), 2)
    scene = Scene(at=START, tracks=(here, hidden), motion=((400, 0, 500, 100), (0, 0, 100, 100)))
    seen = past((LEFT,), scene)
    assert (seen.tracks, seen.motion, seen.at) == ((here,), ((400, 0, 500, 100),), START)


def test_a_function_is_asked_in_its_hours_and_its_view_past_the_masks_and_its_events_carry_the_rules_name() -> None:
    shown, now = Noting(), CameraNow(preset="1")
    rule = Rule(function="motion", schedule=(Hours(since="08:00"),), preset="1", name="The yard")
    ruled = Ruled(function=shown, rule=rule, masks=(LEFT,), now=lambda: now)
    scene = Scene(at=at(0, "09:00"), tracks=(track((300, 300)),))
    assert [seen.details for seen in ruled.update(scene)] == [{"n": 1, "rule": "The yard"}]
    assert [one.tracks for one in shown.scenes] == [()]
    assert ruled.update(replace(scene, at=at(0, "07:59"))) == ()
    now = CameraNow(preset="1", moving=True)
    assert ruled.update(scene) == ()
    assert len(shown.scenes) == 1


def test_who_stands_still_is_awaited_until_told_and_never_by_a_rule_that_does_not_look() -> None:
    built = function_of({"function": "loitering", "settings": {"dwell_s": 20}, "schedule": [{"since": "08:00"}]}, AMONG)
    waits: list[bool] = []
    told: list[Seen] = []
    for second in range(30):
        scene = Scene(at=at(0, "09:00") + timedelta(seconds=second), tracks=(track((300, 300)),))
        told += built[1].update(scene)
        waits.append(any_awaits([built]))
    assert (waits, len(told)) == ([True] * 20 + [False] * 10, 1)
    again = function_of({"function": "loitering", "schedule": [{"until": "09:01"}]}, AMONG)
    again[1].update(Scene(at=at(0, "09:00"), tracks=(track((300, 300)),)))
    assert any_awaits([again])
    again[1].update(Scene(at=at(0, "09:01"), tracks=(track((300, 300)),)))
    assert not any_awaits([again])


@pytest.mark.parametrize(
    ("rule", "tracks"),
    [
        ({"function": "zone_motion", "settings": {"zone": LEFT}}, [track((100, 300))]),
        ({"function": "vehicle_stopped", "settings": {"zone": LEFT}}, [track((100, 300), label="car")]),
        ({"function": "overcrowding", "settings": {"most": 1}}, [track((100, 300), 1), track((200, 300), 2)]),
        ({"function": "crowd_gathering", "settings": {"people": 2}}, [track((100, 300), 1), track((130, 300), 2)]),
    ],
)
def test_what_may_be_due_without_a_move_is_awaited_and_what_is_gone_is_not(
    rule: dict[str, object], tracks: list[Track]
) -> None:
    built = function_of(rule, AMONG)
    built[1].update(Scene(at=START, tracks=tuple(tracks)))
    assert any_awaits([built])
    built[1].update(Scene(at=START + timedelta(seconds=60)))
    assert not any_awaits([built])


def test_a_rule_and_its_camera_have_masks_and_those_of_privacy_hide_nothing_from_rules() -> None:
    camera = masks_of([{"polygon": LEFT, "why": "a screen"}, {"polygon": LEFT, "kind": "privacy"}])
    assert camera == (LEFT,)
    _, ruled = function_of({"function": "motion", "masks": [{"polygon": LEFT}]}, AMONG, camera)
    assert isinstance(ruled, Ruled) and ruled.masks == (LEFT, LEFT)
    assert Mask(polygon=LEFT).kind == "analysis"


@pytest.mark.parametrize("masks", ["all", [{"polygon": [[0, 0]]}], [{"polygon": [[0, 0], [1, float("nan")], [1, 1]]}]])
def test_masks_that_cannot_be_are_one_sentence(masks: object) -> None:
    with pytest.raises(RuleError, match="The camera's masks are not usable"):
        masks_of(masks)


def test_a_watched_camera_asks_its_rules_where_it_stands_now_and_keeps_what_is_wrong_with_its_masks() -> None:
    rules = [{"function": "motion", "preset": "1"}]
    watch = Watch(replace(ROW, rules=rules, masks=[{"polygon": "all"}]), AMONG.home, None)
    (_, ruled), *_ = watch._functions(watch.row, AMONG.place)
    assert isinstance(ruled, Ruled) and ruled.now() == CameraNow()
    watch.now = CameraNow(preset="1")
    assert ruled.now() == CameraNow(preset="1")
    assert any("masks are not usable" in message(fault).en for fault in watch.faults)


def test_a_rule_bound_to_a_view_looks_past_the_masks_drawn_in_it_and_in_none() -> None:
    corners = ((0.0, 0.0), (9.0, 0.0), (9.0, 9.0))
    shifted = ((1.0, 0.0), (9.0, 0.0), (9.0, 9.0))
    masks = [{"polygon": corners}, {"polygon": shifted, "preset": "gate"}]
    assert masks_of(masks) == masks_of(masks, "gate") == (corners, shifted)
    assert masks_of(masks, "yard") == (corners,)
