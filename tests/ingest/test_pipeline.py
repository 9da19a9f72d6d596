from dataclasses import replace
from datetime import UTC, datetime, timedelta

import cv2
import numpy as np

from ingest import pipeline
from ingest.gate import MotionGate
from ingest.geolocate import itself, nowhere
from ingest.picture import Pixels
from ingest.pipeline import Gate, Moment, Step
from ingest.values import Detection, EventDraft, Frame, Image, Picture, Scene, Seen
from layers.values import LonLat

START = datetime(2026, 1, 1, tzinfo=UTC)
HERE = LonLat(lon=76.94, lat=43.24)
STILL = np.full((576, 768, 3), 90, np.uint8)


def frame(image: Image, seconds: float = 0.0) -> Frame:
    return Frame(picture=Pixels(image), at=START + timedelta(seconds=seconds), camera_id=1, sequence=1)


class Always:
    """Tells of everything that moves."""

    def update(self, scene: Scene) -> tuple[Seen, ...]:
        return tuple(
            Seen(kind="zone_motion", at=scene.at, certainty=0.5, box=box, foot=(box[0], box[3])) for box in scene.motion
        )


def test_an_idle_camera_stops_at_the_gate_and_wakes_with_motion() -> None:
    woken: list[bool] = []
    gate = Gate(gate=MotionGate(), wake=woken.append)
    moved = STILL.copy()
    moved[200:300, 200:300] = 250
    passed = [
        gate(Moment(frame=frame(image, seconds))) is not None
        for seconds, image in [(0, STILL), (1, STILL), (2, moved), (3, STILL), (30, STILL), (60, STILL)]
    ]
    assert passed == [False, False, True, True, False, False]
    assert woken == [True, False]


class Glance:
    """Tells of every picture, as a function does that looks for fire or a covered lens."""

    def update(self, scene: Scene) -> tuple[Seen, ...]:
        assert scene.image is not None
        return (Seen(kind="smoke", at=scene.at, certainty=0.5, box=(0, 0, 9, 9), foot=(4, 9)),)


def test_what_the_picture_tells_goes_on_while_nothing_moves_and_nobody_looks_for_objects() -> None:
    looked: list[Moment] = []

    def objects(moment: Moment) -> Moment:
        looked.append(moment)
        return moment

    steps: list[Step] = [
        pipeline.look([Glance()]),
        Gate(gate=MotionGate()),
        pipeline.awake(objects),
        pipeline.tell([Always()]),
    ]
    moment = pipeline.run(steps, frame(STILL))
    assert moment is not None and [seen.kind for seen in moment.seen] == ["smoke"]
    assert (looked, moment.awake) == ([], False)


def test_a_pinned_camera_never_sleeps() -> None:
    woken: list[bool] = []
    gate = Gate(gate=MotionGate(), wake=woken.append, pinned=True)
    assert all(gate(Moment(frame=frame(STILL, seconds))) is not None for seconds in (0, 1, 60))
    assert woken == [True]


def test_a_camera_stays_awake_while_something_is_awaited_though_nothing_moves() -> None:
    waiting, woken = [True], list[bool]()
    gate = Gate(gate=MotionGate(), wake=woken.append, awaited=lambda: waiting[0])
    assert gate(Moment(frame=frame(STILL, 0))) is not None
    assert gate(Moment(frame=frame(STILL, 60))) is not None
    waiting[0] = False
    assert gate(Moment(frame=frame(STILL, 61))) is None
    assert woken == [True, False]


def test_a_frame_goes_the_whole_way_to_a_draft_with_its_picture() -> None:
    moved = STILL.copy()
    moved[200:300, 200:300] = 250
    gate = Gate(gate=MotionGate())
    steps: list[Step] = [
        gate,
        pipeline.tell([Always()]),
        pipeline.place(lambda _: nowhere(HERE)),
        pipeline.draft("ALM-1"),
    ]
    assert pipeline.run(steps, frame(STILL)) is None
    moment = pipeline.run(steps, frame(moved, 1.0))
    assert moment is not None
    (draft,) = moment.drafts
    assert (draft.source, draft.camera_id, draft.kind) == ("camera:ALM-1", 1, "zone_motion")
    assert (draft.placed.place, draft.placed.placed_by) == (HERE, "camera_position")
    assert draft.picture_jpeg is not None and draft.picture_jpeg[:2] == b"\xff\xd8"
    assert (draft.width_px, draft.height_px) == (768, 576)


def test_a_draft_of_a_camera_that_hides_something_has_a_second_picture_for_whoever_must_not_see() -> None:
    def told(hide: pipeline.Hide) -> EventDraft:
        seen = Seen(kind="zone_motion", at=START, certainty=0.5, box=(0, 0, 9, 9), foot=(4, 9), details={})
        moment = pipeline.draft("C", hide)(Moment(frame=frame(STILL), seen=(seen,), placed=(nowhere(HERE),)))
        assert moment is not None
        return moment.drafts[0]

    assert told(lambda _: None).masked_jpeg is None
    hidden = told(np.zeros_like)
    assert hidden.masked_jpeg is not None
    shown = cv2.imdecode(np.frombuffer(hidden.masked_jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert shown is not None and shown.shape == (576, 768, 3) and shown.max() < 8
    assert hidden.picture_jpeg == told(lambda _: None).picture_jpeg


def test_an_event_says_why_a_camera_that_could_place_it_did_not() -> None:
    seen = Seen(kind="zone_motion", at=START, certainty=0.5, box=(0, 0, 9, 9), foot=(4, 9), details={"label": "car"})
    placed = pipeline.place(lambda _: nowhere(HERE, "calibration_broken"))(Moment(frame=frame(STILL), seen=(seen,)))
    assert placed is not None
    drafted = pipeline.draft("A")(placed)
    assert drafted is not None
    assert drafted.drafts[0].details == {"label": "car", "unplaced": "calibration_broken"}


def test_what_looks_at_both_sees_each_frame_and_once_more_with_its_tracks_while_something_moves() -> None:
    shown: list[tuple[datetime, bool]] = []

    class Both:
        def update(self, scene: Scene) -> tuple[Seen, ...]:
            shown.append((scene.at, bool(scene.motion)))
            return ()

    moved = STILL.copy()
    moved[200:300, 200:300] = 250
    steps: list[Step] = [pipeline.look([Both()]), Gate(gate=MotionGate()), pipeline.tell([Both()])]
    for seconds, image in ((0, STILL), (1, STILL), (2, moved)):
        pipeline.run(steps, frame(image, seconds))
    assert [((at - START).total_seconds(), moving) for at, moving in shown] == [
        (0, False),
        (1, False),
        (2, False),
        (2, True),
    ]


def test_what_concerns_the_camera_itself_stands_where_it_hangs_and_not_where_its_picture_ends() -> None:
    seen = Seen(kind="camera_shifted", at=START, certainty=0.8, box=(0, 0, 9, 9), foot=(4, 9))
    moment = Moment(frame=frame(STILL), seen=(seen, replace(seen, itself=True)))
    there = nowhere(LonLat(lon=77.5, lat=43.9))
    placed = pipeline.place(lambda _: there, itself(HERE))(moment)
    assert placed is not None and [one.place for one in placed.placed] == [there.place, HERE]
    assert placed.placed[1].ellipse.major_m == 5


def test_every_draft_has_a_number_of_its_own_so_that_a_repeat_is_known() -> None:
    seen = Seen(kind="zone_motion", at=START, certainty=2.0, box=(0, 0, 9, 9), foot=(4, 9))
    moment = Moment(frame=frame(STILL), seen=(seen, seen))
    placed = pipeline.place(lambda _: nowhere(HERE))(moment)
    assert placed is not None
    drafted = pipeline.draft("A")(placed)
    assert drafted is not None
    assert len({draft.source_event_id for draft in drafted.drafts}) == 2
    assert {draft.certainty for draft in drafted.drafts} == {1.0}


def test_a_wide_picture_is_shrunk_to_1280_and_its_scale_told() -> None:
    jpeg, width_px, height_px, scale = pipeline.shrink(np.zeros((1440, 2560, 3), np.uint8))
    assert (width_px, height_px, scale) == (1280, 720, 0.5)
    decoded = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert decoded is not None and decoded.shape == (720, 1280, 3)


def test_a_frame_of_another_size_is_brought_to_the_one_rules_are_drawn_in() -> None:
    fitted = pipeline.fit(384, 288)(Moment(frame=frame(STILL)))
    assert fitted is not None and fitted.frame.image.shape == (288, 384, 3)


def test_detections_and_tracks_are_handed_from_step_to_step() -> None:
    class One:
        def detect(self, picture: Picture) -> tuple[Detection, ...]:
            return (Detection(label="person", score=0.9, box=(1, 2, 30, 90)),)

    from ingest.tracking import Tracker

    moment = pipeline.run([pipeline.detect(One()), pipeline.track(Tracker())], frame(STILL))
    assert moment is not None and [track.label for track in moment.tracks] == ["person"]
