from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.pidf_lo import read
from layers.calls.places import PlacedBy
from layers.values import LonLat

NOW = datetime(2026, 11, 1, tzinfo=UTC)
DOCUMENT = """<?xml version="1.0" encoding="UTF-8"?>
<presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:gp="urn:ietf:params:xml:ns:pidf:geopriv10"
    xmlns:gml="http://www.opengis.net/gml" xmlns:gs="http://www.opengis.net/pidflo/1.0"
    xmlns:con="urn:ietf:params:xml:ns:geopriv:conf"
    xmlns:ca="urn:ietf:params:xml:ns:pidf:geopriv10:civicAddr" entity="pres:112@example.kz">
  <tuple id="one"><status><gp:geopriv><gp:location-info>{told}</gp:location-info>
    <gp:usage-rules/></gp:geopriv></status><timestamp>2026-11-01T08:05:10Z</timestamp></tuple>
</presence>"""
CIRCLE = """<gs:Circle srsName="urn:ogc:def:crs:EPSG::4326"><gml:pos>43.238 76.945</gml:pos>
    <gs:radius uom="urn:ogc:def:uom:EPSG::9001">850.24</gs:radius></gs:Circle>"""
CIVIC = """<ca:civicAddress xml:lang="kk"><ca:country>KZ</ca:country><ca:A3>Алматы</ca:A3><ca:STS>даңғылы</ca:STS>
    <ca:RD>Абай</ca:RD><ca:HNO>10</ca:HNO><ca:HNS>А</ca:HNS><ca:NAM>Опера</ca:NAM></ca:civicAddress>"""


def document(*told: str) -> str:
    return DOCUMENT.format(told="".join(told))


def test_a_circle_gives_a_place_with_latitude_first_its_radius_and_its_time() -> None:
    told = read(document(CIRCLE, '<con:confidence pdf="normal">67</con:confidence>'), NOW).located
    assert told is not None
    assert (told.place, told.by) == (LonLat(lon=76.945, lat=43.238), PlacedBy.PIDF_LO)
    assert (told.radius_m, told.confidence_pct) == (850.24, 67)
    assert told.at == datetime(2026, 11, 1, 8, 5, 10, tzinfo=UTC)


def test_a_shape_that_does_not_say_how_sure_it_is_is_meant_at_95_percent() -> None:
    told = read(document(CIRCLE), NOW).located
    assert told is not None and told.confidence_pct == 95


@pytest.mark.parametrize(
    ("shape", "radius_m"),
    [
        ('<gml:Point srsName="urn:ogc:def:crs:EPSG::4326"><gml:pos>43.2 76.9</gml:pos></gml:Point>', None),
        ('<gml:Point srsName="urn:ogc:def:crs:EPSG::4979"><gml:pos>43.2 76.9 870</gml:pos></gml:Point>', None),
        (
            '<gs:Ellipse srsName="urn:ogc:def:crs:EPSG::4326"><gml:pos>43.2 76.9</gml:pos><gs:semiMajorAxis>120'
            "</gs:semiMajorAxis><gs:semiMinorAxis>40</gs:semiMinorAxis></gs:Ellipse>",
            120,
        ),
        (
            '<gs:ArcBand srsName="urn:ogc:def:crs:EPSG::4326"><gml:pos>43.2 76.9</gml:pos><gs:innerRadius>10'
            "</gs:innerRadius><gs:outerRadius>400</gs:outerRadius></gs:ArcBand>",
            400,
        ),
    ],
)
def test_each_shape_reaches_as_far_as_its_farthest_side(shape: str, radius_m: float | None) -> None:
    told = read(document(shape), NOW).located
    assert told is not None
    assert (told.place, told.radius_m) == (LonLat(lon=76.9, lat=43.2), radius_m)


def test_a_polygon_is_held_by_the_circle_around_its_corners() -> None:
    ring = "43.20 76.90 43.20 76.92 43.22 76.92 43.22 76.90 43.20 76.90"
    shape = f"""<gml:Polygon srsName="urn:ogc:def:crs:EPSG::4326"><gml:exterior><gml:LinearRing><gml:posList>{ring}
        </gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>"""
    told = read(document(shape), NOW).located
    assert told is not None
    assert (round(told.place.lat, 6), round(told.place.lon, 6)) == (43.21, 76.91)
    assert told.radius_m == pytest.approx(1_376, abs=10)


def test_an_address_alone_is_told_as_it_is_written_here() -> None:
    told = read(document(CIVIC), NOW)
    assert (told.located, told.address, told.common_name) == (None, "Абай даңғылы 10А", "Опера")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<presence",
        "<a/>",
        document(""),
        document(CIRCLE.replace("4326", "3857")),
        document(CIRCLE.replace("850.24", "NaN")),
        document(CIRCLE.replace("43.238 76.945", "43.238")),
        document(CIRCLE.replace("9001", "9002")),
        document("<x>" * 60 + "</x>" * 60),
        document(CIRCLE) + " " * 70_000,
        '<!DOCTYPE presence [<!ENTITY a "b">]>' + document(CIRCLE).partition("?>")[2],
        '<!DOCTYPE presence SYSTEM "http://127.0.0.1/x.dtd">' + document(CIRCLE).partition("?>")[2],
        '<!DOCTYPE p [<!ENTITY a SYSTEM "file:///etc/passwd">]><p>&a;</p>',
        document("&undefined;"),
        "\ud800",
    ],
)
def test_what_is_no_place_or_brings_a_document_type_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read(text, NOW)


def test_entities_that_would_fill_the_memory_are_never_expanded() -> None:
    rows = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    with pytest.raises(ValueError, match="document type"):
        read(f'<!DOCTYPE x [<!ENTITY l0 "lol">{rows}]><x>&l9;</x>', NOW)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200) | st.binary(max_size=200).map(lambda raw: raw.decode("latin-1")))
def test_no_text_makes_it_fail_otherwise(told: str) -> None:
    for text in (told, document(told)):
        with suppress(ValueError, OverflowError):
            read(text, NOW)
