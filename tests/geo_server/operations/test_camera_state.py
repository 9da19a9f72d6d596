from dataclasses import replace
from datetime import UTC, datetime, timedelta

from geo_server.operations.camera_state import standing
from layers.cameras.health import Faring
from layers.cameras.reasons import Reason
from layers.values import Title

NOW = datetime(2026, 1, 1, tzinfo=UTC)
WHY = (Reason("opening"),)


def camera(state: str, silent_s: float | None) -> Faring:
    last = None if silent_s is None else NOW - timedelta(seconds=silent_s)
    name = Title(kk="а", ru="б", en="c")
    return Faring(
        id=1, code="C", name=name, kind="fixed", enabled=True, life_safety=False, state=state, why=WHY,
        last_frame_at=last, fps=5.0, health=None,
    )  # fmt: skip


def test_a_camera_is_as_its_shard_tells() -> None:
    assert standing(camera("live", 3.0), NOW) == ("live", WHY)
    assert standing(camera("down", 900.0), NOW) == ("down", WHY)


def test_a_live_camera_of_which_nobody_tells_any_more_is_unknown_and_never_looks_alive() -> None:
    for silent_s in (31.0, None):
        assert standing(camera("live", silent_s), NOW) == ("unknown", (Reason("unheard"),))


def test_a_camera_that_is_switched_off_says_so_and_not_what_was_wrong_before() -> None:
    for state, silent_s in (("live", 3.0), ("live", 900.0), ("down", None)):
        assert standing(replace(camera(state, silent_s), enabled=False), NOW) == (
            "unknown",
            (Reason("switched_off"),),
        )
