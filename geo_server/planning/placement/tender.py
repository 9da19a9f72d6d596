"""A plan as a list for a tender: what to hang where and how, at what price, and the rule that each meets."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import orjson
import shapely

from geo_server.planning.compliance.rules import NORM, rules
from geo_server.planning.placement.kinds import offer
from geo_server.planning.placement.schema import Plan, PlanCamera

Language = Literal["kk", "ru", "en"]
How = Literal["csv", "xlsx", "geojson"]
MEDIA: Mapping[How, str] = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json",
}
Cell = str | float | int
COLUMNS: Mapping[str, Mapping[Language, str]] = {
    "number": {"kk": "№", "ru": "№", "en": "No."},
    "kind": {"kk": "Камера түрі", "ru": "Вид камеры", "en": "Kind of camera"},
    "count": {"kk": "Саны", "ru": "Количество", "en": "Quantity"},
    "lon": {"kk": "Бойлық, °", "ru": "Долгота, °", "en": "Longitude, °"},
    "lat": {"kk": "Ендік, °", "ru": "Широта, °", "en": "Latitude, °"},
    "mount": {"kk": "Ілу орны", "ru": "Место крепления", "en": "Hung on"},
    "height_m": {"kk": "Биіктігі, м", "ru": "Высота, м", "en": "Height, m"},
    "heading_deg": {"kk": "Бағыты, °", "ru": "Азимут, °", "en": "Heading, °"},
    "tilt_deg": {"kk": "Көлбеуі, °", "ru": "Наклон, °", "en": "Tilt, °"},
    "hfov_deg": {"kk": "Көру бұрышы, °", "ru": "Угол обзора, °", "en": "Angle of view, °"},
    "picture": {"kk": "Кескін, пиксель", "ru": "Изображение, пикс", "en": "Picture, px"},
    "price": {"kk": "Бағасы", "ru": "Цена", "en": "Price"},
    "meets": {"kk": "Сәйкес келетін ережелер", "ru": "Выполняет правила", "en": "Rules it meets"},
    "unsure": {
        "kk": "Орнатқаннан кейін тексеріледі",
        "ru": "Проверить после установки",
        "en": "To check once it hangs",
    },
    "breaks": {"kk": "Бұзатын ережелер", "ru": "Нарушает правила", "en": "Rules it breaks"},
    "masks": {"kk": "Маскаланатын аймақтар", "ru": "Закрыть маской зоны", "en": "Zones to mask"},
}
WHOLE: Mapping[Language, str] = {"kk": "Барлығы", "ru": "Итого", "en": "Total"}


def written(how: How, plan: Plan, cameras: Sequence[PlanCamera], zones: Mapping[int, str], language: Language) -> bytes:
    """Return the file; `zones` are names of forbidden zones by id."""
    rows = [_row(plan, one, zones, language) for one in cameras]
    if how == "geojson":
        return _geojson(plan, cameras, rows)
    head = [COLUMNS[name][language] for name in COLUMNS]
    head[list(COLUMNS).index("price")] += f", {plan.question.currency}"
    lines: list[list[Cell]] = [list(row.values()) for row in rows]
    total: list[Cell] = [""] * len(head)
    total[1], total[2] = WHOLE[language], len(rows)
    total[list(COLUMNS).index("price")] = sum(one.price for one in cameras)
    return (_csv if how == "csv" else _xlsx)(head, [*lines, total])


def _row(plan: Plan, one: PlanCamera, zones: Mapping[int, str], language: Language) -> dict[str, Cell]:
    kind = next(each for each in plan.question.kinds if each.name == one.hangs.kind)
    hangs, looks = one.hangs, one.looks
    return {
        "number": one.number,
        "kind": getattr(kind.title, language),
        "count": 1,
        "lon": round(hangs.lon, 6),
        "lat": round(hangs.lat, 6),
        "mount": getattr(offer().mounts[one.source].title, language),  # type: ignore[index]
        "height_m": round(hangs.height_m, 2),
        "heading_deg": round(hangs.heading_deg, 1) % 360,
        "tilt_deg": round(hangs.tilt_deg, 1),
        "hfov_deg": round(hangs.hfov_deg, 1),
        "picture": f"{kind.width_px}×{kind.height_px}",
        "price": one.price,
        "meets": _spoken(looks.meets, language),
        "unsure": _spoken(looks.unsure, language),
        "breaks": _spoken(looks.breaks, language),
        "masks": ", ".join(zones.get(zone, str(zone)) for zone in looks.masks),
    }


def _spoken(names: Sequence[str], language: Language) -> str:
    """Return rules with their articles."""
    told = {rule.name: f"{NORM} {rule.article}: {getattr(rule.title, language)}" for rule in rules()}
    return "; ".join(told[name] for name in names if name in told)


def _geojson(plan: Plan, cameras: Sequence[PlanCamera], rows: Sequence[Mapping[str, Cell]]) -> bytes:
    features: list[dict[str, Any]] = [
        {
            "type": "Feature",
            "id": one.id,
            "geometry": {"type": "Point", "coordinates": [one.hangs.lon, one.hangs.lat]},
            "properties": {
                **{name: value for name, value in row.items() if name not in ("lon", "lat")},
                "currency": plan.question.currency,
                "purpose": plan.question.purpose,
                "rules": list(one.looks.meets),
                "seen": orjson.loads(shapely.to_geojson(shapely.from_wkb(one.looks.geom))),
            },
        }
        for one, row in zip(cameras, rows, strict=True)
    ]
    return orjson.dumps({"type": "FeatureCollection", "name": plan.name, "features": features})


def _csv(head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(head)
    lines.writerows([_plain(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _xlsx(head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    from openpyxl import Workbook  # only who asks for a sheet waits for it

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    sheet.append(list(head))
    for row in rows:
        sheet.append([_plain(cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _plain(cell: Cell) -> Cell:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell
