"""The functions as data, data/functions.json: what the server shows of them and checks rules by, without this wing."""

import json
from collections.abc import Collection
from dataclasses import asdict
from pathlib import Path
from typing import Any

import msgspec

import ingest
from ingest.detectors.detector import FunctionEntry
from ingest.detectors.register import FUNCTIONS
from ingest.detectors.rule import Mask, Rule
from ingest.models.nanodet import NANODET

DATA = Path(ingest.__file__).parents[1] / "data"
FILE = DATA / "functions.json"


def described() -> str:
    """Return the file as it is to be: the shape of a rule and of a mask, and each function with its settings' shape."""
    kinds = json.loads((DATA / "event_kinds.json").read_text(encoding="utf-8"))
    functions = {entry.name: _function(entry, kinds.get(entry.name, {})) for entry in FUNCTIONS}
    whole = {"labels": NANODET.wanted, "rule": schema(Rule), "mask": schema(Mask), "functions": functions}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _function(entry: FunctionEntry, kind: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": asdict(entry.title),
        "looks": entry.looks,
        "unblinking": entry.unblinking,
        "category": kind.get("category"),
        "onvif": kind.get("onvif"),
        "settings": schema(entry.settings, entry.unseen),
    }


def schema(shape: type[Any], unseen: Collection[str] = ()) -> dict[str, Any]:
    """Return the JSON schema of a shape less what of it is unseen; what it does not name, it does not take."""
    told = msgspec.json.schema(shape)
    for part in told.get("$defs", {}).values():
        if part.get("type") == "object":
            part["additionalProperties"] = False
            part["properties"] = {name: one for name, one in part["properties"].items() if name not in unseen}
    return told
