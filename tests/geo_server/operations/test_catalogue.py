"""The data files of the house hold together."""

from pathlib import Path

import pytest

from geo_server.operations.catalogue import catalogue
from layers.dispatches.rules import Status
from layers.events.rules import State
from layers.units.rules import Duty
from layers.values import Service


def test_every_category_wants_at_least_one_unit_and_has_a_priority() -> None:
    for category in catalogue().categories.values():
        assert category.units and all(count > 0 for count in category.units.values())
        assert 1 <= category.priority <= 4


def test_every_service_has_a_title_in_three_languages() -> None:
    assert set(catalogue().services) == set(Service)
    assert all(title.kk and title.ru and title.en for title in catalogue().services.values())


def test_every_status_has_a_word_in_three_languages() -> None:
    known = catalogue()
    assert set(known.unit_statuses) == {*(status.value for status in Status), *(duty.value for duty in Duty), "free"}
    assert set(known.event_states) == {state.value for state in State}
    for title in (*known.unit_statuses.values(), *known.event_states.values()):
        assert title.kk and title.ru and title.en


def test_what_nobody_described_falls_back() -> None:
    assert catalogue().kind("new_detector").name == "outside"
    assert catalogue().category("forgotten").name == "other"


def test_a_kind_of_an_unknown_category_is_refused(tmp_path: Path) -> None:
    title = '"title": {"kk": "a", "ru": "b", "en": "c"}'
    (tmp_path / "categories.json").write_text("{}")
    (tmp_path / "services.json").write_text("{}")
    (tmp_path / "statuses.json").write_text('{"units": {}, "events": {}}')
    kind = f'{{"x": {{{title}, "category": "none", "join_radius_m": 1, "join_s": 1}}}}'
    (tmp_path / "event_kinds.json").write_text(kind)
    with pytest.raises(KeyError):
        catalogue(tmp_path)
