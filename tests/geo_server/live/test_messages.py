"""The wire format, byte by byte."""

import json
import struct

import numpy as np
import pytest

from geo_server.live import messages
from geo_server.live.messages import Resume, View, WrongMessage
from layers.units.positions import MOVED
from layers.values import BBox


def test_a_frame_is_a_header_of_24_and_records_of_20_bytes() -> None:
    moved = np.zeros(1, MOVED)
    moved["unit_id"], moved["at"], moved["lon"], moved["lat"] = 7, 1_800_000_000.9, -76.9451234, 43.2385678
    moved["speed_kmh"], moved["heading_deg"] = 54.32, 359.99
    frame = messages.header(1, sent_at=1.5, snapshot=True) + messages.records(moved).tobytes()
    assert len(frame) == 44 and frame[:4] == b"QYR1"
    assert struct.unpack_from("<IHHIId", frame) == (0x31525951, 1, 1, 1, 0, 1.5)
    assert struct.unpack_from("<IiiIHH", frame, 24) == (7, -769451234, 432385678, 1_800_000_000, 543, 0)


def test_speed_beyond_the_field_is_the_most_it_holds() -> None:
    moved = np.zeros(1, MOVED)
    moved["speed_kmh"] = 9_999
    assert messages.records(moved)["speed"][0] == 65_535


def test_changes_travel_together_in_their_order_and_none_is_left_out_where_they_are_many() -> None:
    most = messages.CHANGES_A_MESSAGE
    told = [messages.change("events", n, n, None if n % 2 else {"id": n}) for n in range(most + 1)]
    read = [json.loads(text) for text in messages.changes(told)]
    assert [len(message["changes"]) for message in read] == [most, 1]
    assert {message["type"] for message in read} == {"changes"}
    assert [change for message in read for change in message["changes"]] == [json.loads(text) for text in told]
    assert messages.changes([]) == []


def test_a_view_and_a_resume_are_read() -> None:
    assert messages.read('{"type":"view","bbox":[76,43,77,44]}') == View(
        bbox=BBox(west=76, south=43, east=77, north=44)
    )
    assert messages.read(b'{"type":"resume","seq":12}') == Resume(seq=12)


def test_a_window_wider_than_the_globe_sees_all_of_it() -> None:
    view = messages.read('{"type":"view","bbox":[-400,-95,400,95]}')
    assert view == View(bbox=BBox(west=-180, south=-90, east=180, north=90))


def test_a_window_across_the_antimeridian_keeps_its_ends() -> None:
    view = messages.read('{"type":"view","bbox":[170,0,190,10]}')
    assert view == View(bbox=BBox(west=170, south=0, east=-170, north=10))


@pytest.mark.parametrize(
    "text",
    [
        "", "NaN", "[]", "{}", '{"type":"view"}', '{"type":"view","bbox":[1,2,3]}', '{"type":"view","bbox":[1,3,2,0]}',
        '{"type":"view","bbox":[1,2,3,"4"]}', 
        '{"type":"view","bbox":[1,2,3,NaN]}', '{"type":"view","bbox":[1,2,3,true]}',
        '{"type":"resume","seq":-1}', '{"type":"resume","seq":1.5}', '{"type":"resume","seq":true}',
        '{"type":"resume","seq":99999999999999999999}', '{"type":"else"}', "\0",
    ],
)  # fmt: skip
def test_anything_else_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(WrongMessage, match=r"\.$"):
        messages.read(text)
