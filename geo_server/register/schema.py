"""What is handed on of an import: what somebody chose of it, what was found, and rows that were checked."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import msgspec

from geo_server.register.fields import said
from layers.values import Title

Duplicates = Literal["skip", "update", "add"]
State = Literal["sending", "reading", "ready", "writing", "done", "failed", "cancelled"]


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody chose of an import, where not what is guessed.

    `mapping`: the field of each column, by the column's name. `near_m`: as near a camera with the same heading may be
    the same one.
    """

    mapping: dict[str, str] | None = None
    crs: str | None = None
    height_unit: Literal["auto", "m", "ft"] = "auto"
    axes: Literal["auto", "as_is", "swapped"] = "auto"
    near_m: float = 5.0
    duplicates: Duplicates = "skip"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Something to be said of a row, by its code, with the field and the value that it is about."""

    code: str
    column: str | None = None
    value: str | None = None

    def plain(self) -> dict[str, str]:
        """Return it as it is stored."""
        told = {"code": self.code, "column": self.column, "value": self.value}
        return {name: one[:200] for name, one in told.items() if one is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A row that can be a camera, its columns in `told`; or that is refused. Degrees WGS 84."""

    line: int
    told: dict[str, Any]
    lon: float | None
    lat: float | None
    raw: tuple[str, ...]
    refused: Remark | None = None
    notes: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """A file that is being taken in, as it stands."""

    id: int
    area_id: int
    job_id: int | None
    file: str
    bytes: int
    asked_by: str
    asked_at: datetime
    state: State
    format: str | None
    columns: list[str]
    sample: list[list[str]]
    choices: dict[str, Any]
    findings: list[dict[str, Any]]
    counts: dict[str, int]
    fault: dict[str, Any] | None = field(default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A row of an import as it is shown."""

    line: int
    code: str | None
    name: str | None
    lon: float | None
    lat: float | None
    heading_deg: float | None
    raw: list[str] | None
    refused: dict[str, Any] | None
    notes: list[dict[str, Any]]
    twin: str | None
    twin_id: int | None
    twin_code: str | None
    decision: str | None


def sentence(remark: dict[str, Any]) -> Title:
    """Return what a stored remark says."""
    return said(remark["code"], column=remark.get("column"), value=remark.get("value"))
