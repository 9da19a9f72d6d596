import json
from pathlib import Path

import pytest

import ingest
from ingest.detectors.detector import RuleError
from ingest.detectors.register import FUNCTIONS, OBJECT_DETECTORS
from ingest.detectors.rule import function_of
from tests.ingest.surroundings import AMONG

KINDS = Path(ingest.__file__).parents[1] / "data" / "event_kinds.json"


def test_every_function_tells_a_kind_of_event_that_the_house_knows() -> None:
    known = json.loads(KINDS.read_text())
    assert [entry.name for entry in FUNCTIONS if (entry.tells or entry.name) not in known] == []


def test_names_are_said_once_and_in_three_languages() -> None:
    names = [entry.name for entry in FUNCTIONS] + [entry.name for entry in OBJECT_DETECTORS]
    titles = [entry.title for entry in FUNCTIONS] + [entry.title for entry in OBJECT_DETECTORS]
    assert len(set(names)) == len(names)
    assert all(title.kk and title.ru and title.en for title in titles)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"function": "teleport"}, "no function teleport"),
        ({"function": "line_crossing", "settings": {}}, "missing required field"),
        ({"function": "line_crossing", "settings": {"line": [[0, 0], [0, 0]]}}, "two different"),
        ({"function": "zone_motion", "settings": {"zone": "everywhere"}}, "rule zone_motion is not usable"),
        ("a rule", "no function None"),
        ({"function": "motion", "settings": {"dwel_s": 3}}, "rule motion has no setting dwel_s; there are cooldown_s"),
        ({"function": "motion", "shedule": []}, "rule motion is not usable: Object contains unknown field `shedule`"),
        ({"function": "motion", "schedule": [{"since": "25:00"}]}, "rule motion is not usable"),
        ({"function": "motion", "masks": [{"polygon": [[0, 0]]}]}, "rule motion is not usable"),
        ({"function": "motion", "masks": [{"polygon": [[n, n * n] for n in range(257)]}]}, "of length <= 256"),
        ({"function": "motion", "settings": {"zone": [[n, n * n] for n in range(257)]}}, "of length <= 256"),
        ({"function": "zone_motion", "settings": {"zone": [[n, n * n] for n in range(257)]}}, "of length <= 256"),
        ({"function": "camera_tampering", "settings": {"ways": []}}, "of length >= 1"),
    ],
)
def test_a_rule_that_cannot_be_is_one_sentence(rule: object, words: str) -> None:
    with pytest.raises(RuleError, match=words):
        function_of(rule, AMONG)
