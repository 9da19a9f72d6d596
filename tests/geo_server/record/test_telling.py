"""What the printed record says of each line, in the three languages."""

from datetime import UTC, datetime
from typing import Any

import pytest

from geo_server.record.gathering import masked_line
from geo_server.record.schema import Language, LogLine, Source
from geo_server.record.telling import details

LANGUAGES: tuple[Language, ...] = ("kk", "ru", "en")
OTHER = {"id": 7, "number": "26-000007"}
TUNNEL = {"kk": "Туннельде", "ru": "В тоннеле", "en": "In a tunnel"}
ASKED = {"kk": "Балалар бар ма?", "ru": "Есть дети?", "en": "Are there children?"}
YES = {"kk": "иә", "ru": "да", "en": "yes"}
AREA = {"id": 1, "kk": "Қазақстан", "ru": "Казахстан", "en": "Kazakhstan"}
GAS = {"question": "hazard_substance", "given": "petrol", "of": ASKED, "text": "petrol"}
HERE, THERE = {"lon": 76.9, "lat": 43.2, "address": None}, {"lon": 77, "lat": 43, "address": "Абай, 10"}


def told(kind: str, said: dict[str, Any], source: Source = "incident") -> tuple[str, ...]:
    line = LogLine(
        source=source,
        id=1,
        at=datetime(2026, 1, 1, tzinfo=UTC),
        device_at=None,
        who="x",
        kind=kind,
        subject=None,
        details=said,
    )
    return tuple(details(line, language) for language in LANGUAGES)


@pytest.mark.parametrize(
    ("kind", "said", "kk", "ru", "en"),
    [
        ("status", {"status": "diverted", "unit": "102-0", "to": OTHER},
         "қайда: 26-000007 · 102-0 · басқа жаққа бұрылды", "куда: 26-000007 · 102-0 · перенаправлен",
         "to: 26-000007 · 102-0 · diverted"),
        ("dispatched", {"units": ["102-0", "102-1"], "dispatches": [3], "from": {"number": "26-000007"}},
         "қайдан: 26-000007 · 102-0, 102-1", "откуда: 26-000007 · 102-0, 102-1", "from: 26-000007 · 102-0, 102-1"),
        ("answer", {"question": "children_there", "given": "yes", "of": ASKED, "to": YES},
         "Балалар бар ма? · иә", "Есть дети? · да", "Are there children? · yes"),
        ("answer", GAS, "Балалар бар ма? · petrol", "Есть дети? · petrol", "Are there children? · petrol"),
        ("priority", {"from": 4, "to": 1, "because": [TUNNEL]},
         "4 → 1 · Туннельде", "4 → 1 · В тоннеле", "4 → 1 · In a tunnel"),
        ("alarm", {"from": 1, "to": 3, "reason": "big"}, *["1 → 3 · big"] * 3),
        ("category", {"from": "fire", "to": "noise", "priority": 4, "urgency": None, "reason": "calm", "because": []},
         "Өрт → Тыныштықты бұзу · Басымдық: 4 · calm", "Пожар → Нарушение тишины · Приоритет: 4 · calm",
         "Fire → Noise · Priority: 4 · calm"),
        ("category", {"from": "fire", "to": "fire", "priority": 1, "urgency": "II", "reason": ""},
         "Өрт · Басымдық: 1 · Шұғылдық санаты: II", "Пожар · Приоритет: 1 · Категория срочности: II",
         "Fire · Priority: 1 · Urgency: II"),
        ("merged_in", {"of": OTHER, "reason": "Twice."}, *["26-000007 · Twice."] * 3),
        ("escalated", {"to": AREA, "reason": ""}, "Қазақстан", "Казахстан", "Kazakhstan"),
        ("relocated", {"from": HERE, "to": THERE, "reason": ""}, *["43.200000, 76.900000 → Абай, 10"] * 3),
        ("notice_acknowledged", {"to": "102-0", "means": "radio"}, *["102-0"] * 3),
        ("checklist", {"item": "fire.nearest_hydrants", "done": True}, *["✓ nearest hydrants"] * 3),
        ("clock_breached", {"clock": "turnout", "service": "fire", "target_s": 80},
         "Өртке қарсы қызмет · Шығу · мақсат 1:20", "Противопожарная служба · Выезд · норматив 1:20",
         "Fire service · Turnout · target 1:20"),
        ("imported_again", {"notes": 500, "left_out": 3, "text": "Closed"},
         "артық жазбалар: 3 · Closed", "записи сверх предела: 3 · Closed", "notes beyond the limit: 3 · Closed"),
    ],
)  # fmt: skip
def test_a_line_of_the_incident_tells_all_that_it_says(
    kind: str, said: dict[str, Any], kk: str, ru: str, en: str
) -> None:
    assert told(kind, said) == (kk, ru, en)


@pytest.mark.parametrize(
    ("name", "kk", "ru", "en"),
    [
        ("line", "желісі: X 1", "линия: X 1", "line: X 1"),
        ("address", "мекенжайы: X 1", "адрес: X 1", "address: X 1"),
        ("common_name", "таралған атауы: X 1", "народное название: X 1", "common name: X 1"),
    ],
)
@pytest.mark.parametrize("kind", ["told_later", "noted"])
def test_a_line_of_a_call_tells_what_was_told_of_it_later(kind: str, name: str, kk: str, ru: str, en: str) -> None:
    assert told(kind, {name: "X 1"}, "call") == (kk, ru, en)


def test_who_rings_is_told_by_the_whole_record_alone() -> None:
    line = LogLine(
        source="call",
        id=1,
        at=datetime(2026, 1, 1, tzinfo=UTC),
        device_at=None,
        who="x",
        kind="told_later",
        subject=None,
        details={"phone": "+77010000099"},
    )
    assert details(line, "en") == "phone: +77010000099"
    assert details(masked_line(line), "en") == ""
