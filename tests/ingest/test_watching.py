import re
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ingest import pipeline
from ingest.models.tfjs import ModelError
from ingest.picture import Pixels
from ingest.pipeline import Moment
from ingest.sources.source import Health, Mailbox
from ingest.values import CameraNow, EventDraft, Frame, Seen
from ingest.video_metrics import REGISTRY
from ingest.watching import Watch, Watching
from layers.cameras.queries import CameraRow
from layers.cameras.reasons import Reason, message
from layers.values import LonLat
from tests.ingest.sources.running import until

ROW = CameraRow(
    id=1, code="C-1", place=LonLat(lon=76.95, lat=43.25), url="", reader="none", height_m=None, heading_deg=None,
    tilt_deg=None, roll_deg=0.0, hfov_deg=None, width_px=None, height_px=None, control_points=[], rules=[],
)  # fmt: skip


class Hand:
    """A source whose frames the test leaves by hand."""

    def __init__(self) -> None:
        self.mailbox = Mailbox()

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def health(self) -> Health:
        return Health(state="live", why=(), last_frame_at=None, fps=None)

    def set_active(self, active: bool) -> None: ...

    def leave(self, sequence: int) -> None:
        picture = Pixels(np.zeros((4, 4, 3), np.uint8))
        self.mailbox.put(Frame(picture=picture, at=datetime.now(UTC), camera_id=1, sequence=sequence))


class Step:
    """A slow step that counts how many workers are in it."""

    def __init__(self) -> None:
        self.inside = self.most = 0
        self.done: list[int] = []
        self.fault = False
        self.counting = threading.Condition()

    def __call__(self, moment: Moment) -> None:
        with self.counting:
            self.inside += 1
            self.most = max(self.most, self.inside)
        time.sleep(0.02)
        with self.counting:
            self.inside -= 1
            self.done.append(moment.frame.sequence)
            self.counting.notify_all()
        if self.fault:
            raise ValueError("a bad frame")


def no_event_expected(draft: EventDraft) -> None:
    raise AssertionError(draft)


@pytest.fixture
def watching(tmp_path: Path) -> Iterator[Watching]:
    watching = Watching(tmp_path, None, no_event_expected, workers=4)
    yield watching
    watching.stop()


def watched(watching: Watching, step: Step) -> Hand:
    hand, watch = Hand(), Watch(ROW, watching.home, None)
    watch.source, watch.steps = hand, [step]
    watching.watches[1] = watch
    watch.start(watching._ready)
    return hand


def settled(step: Step, last: int) -> None:
    with step.counting:
        assert step.counting.wait_for(lambda: last in step.done, 20)


def test_one_camera_is_in_the_hands_of_one_worker_at_a_time_and_its_last_frame_is_not_forgotten(
    watching: Watching,
) -> None:
    step = Step()
    hand = watched(watching, step)
    for n in range(100):
        hand.leave(n)
        time.sleep(0.002)
    settled(step, 99)
    assert step.most == 1
    assert step.done == sorted(step.done)


def test_frames_that_nobody_fetched_are_counted_once_each(watching: Watching) -> None:
    def dropped() -> float:
        return REGISTRY.get_sample_value("qyran_camera_dropped_frames_total", {"camera": ROW.code}) or 0.0

    step, before = Block(), dropped()
    hand = watched(watching, step)
    for n in range(4):  # the first is being worked on, the last is fetched after it
        hand.leave(n)
        until(lambda: step.inside == 1)
    step.let_go.set()
    settled(step, 3)
    hand.leave(4)
    settled(step, 4)
    assert dropped() - before == 2


def test_a_frame_whose_picture_alone_tells_something_is_not_counted_as_awake(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def awake() -> float:
        return REGISTRY.get_sample_value("qyran_camera_awake_frames_total", {"camera": ROW.code}) or 0.0

    now = datetime.now(UTC)
    dark = Seen(kind="camera_tampering", at=now, certainty=1.0, box=(0, 0, 9, 9), foot=(4, 9), itself=True)
    monkeypatch.setattr(pipeline, "look", lambda _: lambda moment: moment._replace(seen=(dark,)))
    before = awake()
    for row, more in ((ROW, 0), (replace(ROW, life_safety=True), 1)):
        frame = Frame(picture=Pixels(np.zeros((64, 64, 3), np.uint8)), at=now, camera_id=1, sequence=0)
        moment = pipeline.run(Watch(row, tmp_path, None).steps, frame)
        assert moment is not None and moment.drafts and awake() - before == more


def test_a_fault_in_one_frame_does_not_stop_the_next(watching: Watching) -> None:
    step = Step()
    hand = watched(watching, step)
    step.fault = True
    hand.leave(1)
    settled(step, 1)
    step.fault = False
    hand.leave(2)
    settled(step, 2)


class Block(Step):
    """A step that does not come back until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.let_go = threading.Event()

    def __call__(self, moment: Moment) -> None:
        self.inside = 1
        self.let_go.wait(20)
        super().__call__(moment)


def test_a_worker_that_does_not_come_back_from_a_frame_is_known_with_its_camera_until_it_does(
    watching: Watching,
) -> None:
    step = Block()
    watched(watching, step).leave(1)
    until(lambda: step.inside == 1)
    assert watching.stuck(over_s=0.0) is ROW and watching.stuck(over_s=60.0) is None
    step.let_go.set()
    until(lambda: watching.stuck(over_s=0.0) is None)


def test_a_shifted_camera_says_that_it_places_nothing_until_it_is_calibrated_again(watching: Watching) -> None:
    watched(watching, Step())
    watching.stand({1: CameraNow(broken=True)})
    assert "calibrated again" in (watching.watches[1].health().reason or "")
    watching.stand({1: CameraNow()})
    assert "calibrated again" not in (watching.watches[1].health().reason or "")


def test_a_presets_bad_points_are_its_own_sentence_and_leave_the_camera_its_others(tmp_path: Path) -> None:
    pose = {"heading_deg": 10.0, "tilt_deg": 20.0, "hfov_deg": 60.0, "control_points": []}
    presets = [{"token": "gate", **pose, "control_points": [{"x": 1}]}, {"token": "yard", **pose}]
    row = replace(ROW, kind="ptz", height_m=8.0, width_px=640, height_px=360, presets=presets)
    watch = Watch(row, tmp_path, None)
    assert any(
        str(message(fault).en).startswith("Preset gate: The control points are not usable") for fault in watch.faults
    )
    locators = watch._locators(row)
    assert locators.place((320, 300), CameraNow(preset="yard")).placed_by == "camera"
    assert locators.place((320, 300), CameraNow(preset="gate")).unplaced == "no_preset"


def test_a_camera_that_flies_on_is_not_opened_anew_and_a_mast_that_is_moved_is(tmp_path: Path) -> None:
    there = LonLat(lon=76.96, lat=43.26)
    watching = Watching(tmp_path, None, lambda _: None, workers=0)
    flies, stands = replace(ROW, kind="drone"), replace(ROW, id=2, code="C-2")
    watching.keep([flies, stands])
    before = dict(watching.watches)
    watching.keep([replace(flies, place=there), replace(stands, place=there)])
    assert [watching.watches[one] is before[one] for one in (1, 2)] == [True, False]
    watching.stop()


def test_a_picture_is_taken_of_the_next_frame_once_it_is_wanted_and_handed_over_once(watching: Watching) -> None:
    step = Step()
    hand = watched(watching, step)
    hand.leave(1)
    settled(step, 1)
    assert watching.pictures_taken() == []
    watching.want_pictures([1, 77])
    hand.leave(2)
    settled(step, 2)
    ((camera_id, picture),) = watching.pictures_taken()
    assert (camera_id, picture.width_px, picture.jpeg[:2]) == (1, 4, b"\xff\xd8")
    assert watching.pictures_taken() == []


def test_frames_that_all_come_to_nothing_are_told_as_the_cameras_state_until_one_does_not(watching: Watching) -> None:
    step = Step()
    hand = watched(watching, step)
    step.fault = True
    hand.leave(1)
    settled(step, 1)
    failing = Reason("not_analysed")
    until(lambda: failing in watching.watches[1].health().why)
    step.fault = False
    hand.leave(2)
    until(lambda: failing not in watching.watches[1].health().why)


@pytest.mark.parametrize("error", [ModelError("The model gives 84 rows."), ValueError("x"), np.linalg.LinAlgError("x")])
def test_what_hinders_the_analysis_is_said_without_a_word_of_the_program_s(tmp_path: Path, error: Exception) -> None:
    watch = Watch(ROW, tmp_path, None)
    watch.failed(error)
    (failing,) = [one for one in watch.health().why if one.code in ("model_unfit", "not_analysed")]
    assert (failing.code == "model_unfit") == isinstance(error, ModelError)
    said = message(failing)
    assert not re.search("[A-Za-z]", said.kk + said.ru) and "Error" not in said.en


POSED: dict[str, Any] = {"height_m": 7.0, "heading_deg": 1.0, "hfov_deg": 50.0, "width_px": 640, "height_px": 360}


@pytest.mark.parametrize(
    ("code", "row"), [("row", {**POSED, "tilt_deg": "x"}), ("preset_row", {"presets": [{"token": "7", "strange": 1}]})]
)
def test_a_row_that_holds_anything_is_told_without_a_word_of_the_program_s(
    tmp_path: Path, code: str, row: dict[str, Any]
) -> None:
    faults = Watch(replace(ROW, kind="ptz", **row), tmp_path, None).faults
    (told,) = [message(one) for one in faults if one.code == code]
    assert not re.search("[A-Za-z]", told.kk + told.ru) and "Error" not in told.en


def test_rules_that_wait_for_objects_say_that_nothing_looks_for_them(tmp_path: Path) -> None:
    zone = {"zone": [[0, 0], [9, 0], [9, 9]]}
    rules: list[dict[str, Any]] = [
        {"function": "zone_motion", "settings": {**zone, "by": "motion"}},
        {"function": "camera_tampering"},
        {"function": "crowd_gathering"},
        {"function": "zone_motion", "settings": zone},
    ]
    (told,) = Watch(replace(ROW, rules=rules), tmp_path, None).health().why[-1:]
    assert told == Reason("no_detector", {"rules": "crowd_gathering, zone_motion"})
    assert all(one.code != "no_detector" for one in Watch(replace(ROW, rules=rules[:2]), tmp_path, None).health().why)


@pytest.mark.parametrize(
    ("rule", "row", "code"),
    [
        ({"function": "speed"}, ROW, "speed_no_place"),
        ({"function": "fire"}, replace(ROW, fps_limit=1.0), "rule_frames"),
        ({"function": "plate_read"}, ROW, "no_plate_reader"),
    ],
)
def test_what_a_rule_lacks_is_said_in_every_language_and_in_none_by_words_of_another(
    rule: dict[str, Any], row: CameraRow, code: str, tmp_path: Path
) -> None:
    faults = {fault.code: fault for fault in Watch(replace(row, rules=[rule]), tmp_path, None).faults}
    assert set(faults) - {"no_reader", "no_detector"} == {code}
    said = message(faults[code])
    assert not re.search("[a-z]{3,} [a-z]{3,}", said.kk + said.ru)
