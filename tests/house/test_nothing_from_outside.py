"""The windows and what the server serves ask no address outside the house."""

import re
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
ADDRESS = re.compile(r"https?://[\w.-]+\.[a-z]{2,}[\w./@-]*", re.IGNORECASE)
NEVER_FETCHED = (
    "http://www.w3.org/",  # names of XML namespaces
    "https://maplibre.org/",  # MapLibre's credit, a link that a person may follow
    "https://maplibre.invalid/",  # a base that addresses are read against; `.invalid` never resolves (RFC 2606)
    "https://github.com/mapbox/", "https://github.com/maplibre/",  # issues that MapLibre's warnings name
    "https://wiki.openstreetmap.org/wiki/",  # in the words of an error, and cited by docstrings
    "https://www.traccar.org/osmand/",  # cited by a docstring
    "https://en.wikipedia.org/wiki/", "http://www.movable",  # in comments of shaders and of MapLibre
    "http://www.opengis.net/gml", "http://www.opengis.net/pidflo/",  # names of XML namespaces
    "http://www.onvif.org/ver", "http://docs.oasis-open.org/ws", "http://schemas.xmlsoap.org/ws/",  # and more of them
    "http://www.opengis.net/spec/", "http://www.opengis.net/def/",  # names of OGC's conformance classes and CRS
)  # fmt: skip
BUILT = sorted(p for p in (CHECKOUT / "web/dist").rglob("*") if p.suffix in {".js", ".css", ".html", ".svg", ".json"})
WINGS = [path for wing in ("geo_server", "layers", "ingest") for path in sorted((CHECKOUT / wing).rglob("*.py"))]


def outside(file: Path) -> list[str]:
    """Return the addresses in a file that are not on the list above."""
    return [a for a in ADDRESS.findall(file.read_text(encoding="utf-8")) if not a.startswith(NEVER_FETCHED)]


def test_the_windows_are_built() -> None:
    assert any(path.suffix == ".js" for path in BUILT), "./qyran test builds web/dist"


@pytest.mark.parametrize("file", BUILT, ids=lambda file: file.name)
def test_a_built_file_names_no_address_outside(file: Path) -> None:
    assert outside(file) == []


def test_no_source_serves_an_address_outside() -> None:
    assert {str(file.relative_to(CHECKOUT)): found for file in WINGS if (found := outside(file))} == {}
