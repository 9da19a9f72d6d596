"""What a camera's own analytics tell becomes an event of ours, or nothing."""

from datetime import UTC, datetime, timedelta
from typing import Any

from ingest.onvif.topics import COOL_DOWN, Ear, by_topic
from ingest.onvif.values import Notice
from ingest.serve import event_kinds
from layers.values import LonLat

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
CROSSED = "tns1:RuleEngine/LineDetector/Crossed"


def ear(**more: Any) -> Ear:
    told: dict[str, Any] = {
        "camera_id": 7,
        "code": "C",
        "place": LonLat(lon=76.9, lat=43.2),
        "kinds": by_topic(event_kinds()),
    }
    return Ear(**told | more)


def notice(topic: str = CROSSED, at: datetime | str = NOW, operation: str | None = "Changed", **items: str) -> Notice:
    return Notice(topic=topic, at=at if isinstance(at, str) else at.isoformat(), items=items, operation=operation)


def test_a_topic_of_ours_becomes_an_event_at_the_camera_s_place() -> None:
    draft = ear().draft(notice(ObjectId="4"), NOW)
    assert draft is not None and (draft.kind, draft.source, draft.camera_id) == ("line_crossing", "camera:C", 7)
    assert draft.placed.placed_by == "camera_position" and draft.details["items"] == {"ObjectId": "4"}


def test_other_topics_ends_and_first_states_are_no_events() -> None:
    for told in (
        notice("tns1:Device/Trigger/Relay"),
        notice(IsMotion="false"),
        notice(operation="Initialized"),
        notice(operation="Deleted", IsInside="true"),
    ):
        assert ear().draft(told, NOW) is None
    assert ear().draft(notice(IsInside="true"), NOW) is not None


def test_a_scene_that_changed_is_the_same_event_whichever_service_of_the_camera_tells_it() -> None:
    one, scene = ear(), "tns1:VideoSource/GlobalSceneChange"
    services = ("ImagingService", "AnalyticsService", "RecordingService")
    kinds = [ear().draft(notice(f"{scene}/{service}", State="true"), NOW) for service in services]
    assert [draft and draft.kind for draft in kinds] == ["camera_shifted"] * 3
    told = [one.draft(notice(f"{scene}/{service}", State="true"), NOW) for service in services]
    assert [draft is not None for draft in told] == [True, False, False]
    assert ear().draft(notice(scene, State="true"), NOW) is None


def test_what_is_repeated_within_a_while_is_the_same_event() -> None:
    one = ear()
    times = [timedelta(0), COOL_DOWN / 2, COOL_DOWN * 1.1]
    assert [one.draft(notice(at=NOW + after), NOW + after) is not None for after in times] == [True, False, True]


def test_the_camera_s_time_is_mended_by_its_clock_s_error_and_not_believed_beyond_an_hour() -> None:
    off = timedelta(hours=-3)
    mended = ear(ahead=off).draft(notice(at=NOW + off - timedelta(seconds=2)), NOW)
    assert mended is not None and mended.at == NOW - timedelta(seconds=2)
    for told in (notice(at=NOW + timedelta(days=400)), notice(at="never"), notice(at="")):
        draft = ear().draft(told, NOW)
        assert draft is not None and draft.at == NOW


def test_what_cannot_be_stored_is_left_out() -> None:
    draft = ear().draft(notice(Rule="x\x00" * 400), NOW)
    assert draft is not None and "\x00" not in str(draft.details) and len(draft.details["items"]["Rule"]) <= 200


def test_a_plate_that_a_camera_reads_is_no_hit_and_is_kept_nowhere() -> None:
    read = notice("tns1:RuleEngine/Recognition/LicensePlate", PlateNumber="777CAN02")
    assert ear().draft(read, NOW) is None
    told = ear().draft(notice(ObjectId="4", PlateNumber="777CAN02", FaceTemplate="AAEC"), NOW)
    assert told is not None and told.details["items"] == {"ObjectId": "4"}


def test_a_moment_before_all_time_is_not_believed() -> None:
    draft = ear().draft(notice(at="0001-01-01T00:00:00+14:00"), NOW)
    assert draft is not None and draft.at == NOW
