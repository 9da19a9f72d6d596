"""A camera by ONVIF against a simulated one in a process of its own, and against some that mean harm."""

import asyncio
from typing import Any

import pytest

from ingest.onvif.camera import Camera
from ingest.onvif.discovery import discover, matches
from ingest.onvif.errors import OnvifError
from ingest.onvif.hosts import check_host
from ingest.onvif.media import streaming
from ingest.onvif.soap import Endpoint
from ingest.onvif.values import Position
from tests.ingest.onvif.simulated import Simulate, anywhere, notice

pytestmark = pytest.mark.anyio


async def met(url: str) -> Camera:
    return await Camera(Endpoint.of(url, anywhere)).open()


async def test_a_camera_tells_who_it_is_and_where_its_streams_are_at_its_own_host(simulate: Simulate) -> None:
    simulated = simulate()
    camera = await met(simulated.url)
    device, profiles = await camera.device(), await camera.profiles()
    assert (device.maker, device.model) == ("Simulated", "Head 1")
    assert [(one.token, one.width_px, one.turns) for one in profiles] == [("main", 1920, True), ("sub", 640, True)]
    assert await camera.stream_url("sub") == "rtsp://127.0.0.1:8554/sub"  # it told 10.255.255.1
    assert abs(camera.skew_s or 99) < 2


async def test_a_clock_that_is_hours_off_is_told_and_does_not_lock_us_out(simulate: Simulate) -> None:
    camera = await met(simulate(skew_s=-7200).url)
    assert camera.skew_s == pytest.approx(-7200, abs=2)
    assert (await camera.device()).serial == "7"


async def test_a_camera_that_tells_even_its_time_to_friends_alone_is_met(simulate: Simulate) -> None:
    assert (await (await met(simulate(shy=True).url)).device()).serial == "7"


async def test_a_wrong_password_is_one_sentence(simulate: Simulate) -> None:
    simulated = simulate()
    with pytest.raises(OnvifError, match="name and password") as refused:
        await met(simulated.url.replace("p%26ss", "guess"))
    assert refused.value.code == "unauthorized"


async def test_it_turns_to_presets_and_positions_and_says_when_it_stands(simulate: Simulate) -> None:
    simulated = simulate()
    camera = await met(simulated.url)
    presets = {one.token: one for one in await camera.presets("main")}
    assert presets["2"].name == "Yard & car park" and presets["2"].position == Position(pan=0.5, tilt=-0.1, zoom=0.2)
    await camera.goto_preset("main", "2")
    assert (await camera.status("main")).moving is True
    await asyncio.sleep(0.5)
    status = await camera.status("main")
    assert status.moving is False and status.position == presets["2"].position
    node = await camera.node()
    assert node is not None and node.spaces == "generic" and node.zoom is not None
    await camera.move_to("main", Position(pan=-0.25, tilt=0.125, zoom=0.5), node.space)
    await camera.move("main", Position(pan=1, tilt=0, zoom=0), 1)
    await camera.stop("main")
    await camera.move_by("main", Position(pan=0.1, tilt=0, zoom=0))
    assert simulated.inject()["log"] == ["preset 2", "absolute", "move", "stop", "relative"]


async def test_its_own_analytics_are_pulled(simulate: Simulate) -> None:
    simulated = simulate()
    camera = await met(simulated.url)
    point = await camera.subscribe()
    simulated.inject(notice=notice("tns1:RuleEngine/LineDetector/Crossed", ObjectId="4"))
    (told,) = await camera.pull(point, 2)
    assert (told.topic, told.items) == ("tns1:RuleEngine/LineDetector/Crossed", {"ObjectId": "4"})
    await camera.unsubscribe(point)


@pytest.mark.parametrize("media2", ["alone", "beside"])
async def test_media2_tells_of_h265_also_where_a_camera_speaks_nothing_else(simulate: Simulate, media2: str) -> None:
    camera = await met(simulate(media2=media2).url)
    profiles = await camera.profiles()
    assert [(one.token, one.encoding, one.width_px) for one in profiles][:2] == [
        ("main2", "H265", 2560),
        ("sub2", "H264", 640),
    ]
    assert [one.turns for one in profiles] == [True, True, True, False]
    assert [one.token for one in streaming(profiles)] == ["main2", "sub2"]  # neither pictures nor what has none
    assert await camera.stream_url("main2") == "rtsp://127.0.0.1:8554/main2"
    assert (await camera.presets("main2"))[0].name == "Gate"


async def test_a_profile_without_a_picture_is_no_stream(simulate: Simulate) -> None:
    profiles = await (await met(simulate(meta=True).url)).profiles()
    assert len(profiles) == 3 and [one.token for one in streaming(profiles)] == ["main", "sub"]


async def test_a_pull_point_that_ends_is_renewed_and_what_it_asks_to_hear_is_said_again(simulate: Simulate) -> None:
    simulated = simulate(lasts_s=20, echo=True)
    camera = await met(simulated.url)
    point = await camera.subscribe()
    for _ in range(2):
        simulated.inject(notice=notice("tns1:RuleEngine/LineDetector/Crossed", ObjectId="4"))
        assert len(await camera.pull(point, 2)) == 1
    assert simulated.inject()["log"] == ["renew"]


async def test_a_camera_that_tells_addresses_that_are_none_is_one_sentence() -> None:
    endpoint = Endpoint.of("http://127.0.0.1:1/", anywhere)
    for told in ("/a\x7fb", "http://[::1/x"):
        with pytest.raises(OnvifError) as refused:
            await endpoint.call(endpoint.led_to(told), "<a/>")
        assert refused.value.code == "garbled"
    with pytest.raises(OnvifError) as refused:
        await endpoint.call("http://127.0.0.1:1/" + "a" * 70_000, "<a/>")  # longer than httpx takes
    assert refused.value.code == "garbled"


@pytest.mark.parametrize(
    ("how", "code"),
    [("bomb", "garbled"), ("redirect", "refused"), ("huge", "garbled"), ("deep", "garbled"), ("packed", "garbled"),
     ("nonsense", "garbled")],
)  # fmt: skip
async def test_a_camera_that_means_harm_is_one_sentence(simulate: Simulate, how: str, code: str) -> None:
    with pytest.raises(OnvifError, match=r"\.$") as refused:
        await met(simulate().evil(how))
    assert refused.value.code == code


async def test_why_an_answer_is_not_taken_reads_as_a_sentence(simulate: Simulate) -> None:
    with pytest.raises(OnvifError) as refused:
        await met(simulate().evil("bomb"))
    assert str(refused.value) == "The camera's answer is XML with a document type, which is not taken."


async def test_a_camera_that_trickles_is_not_waited_for(simulate: Simulate) -> None:
    endpoint = Endpoint.of(simulate().evil("slow"), anywhere)
    with pytest.raises(OnvifError) as refused:  # heard to its end it would be no XML, which has another code
        await endpoint.call(endpoint.url, "<tds:GetDeviceInformation/>", answer_s=0.5)
    assert refused.value.code == "silent"


@pytest.mark.parametrize("host", ["127.0.0.1", "169.254.169.254", "localhost", "0.0.0.0", "::1", "224.0.0.1"])
async def test_no_camera_lives_on_this_machine_or_its_link(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QYRAN_CAMERA_NETWORKS")
    with pytest.raises(OnvifError, match="No camera may live"):
        check_host(host)


async def test_a_camera_lives_in_a_private_network_and_in_the_demo_on_this_machine(monkeypatch: Any) -> None:
    monkeypatch.delenv("QYRAN_CAMERA_NETWORKS")
    assert check_host("192.168.1.64") == "192.168.1.64"
    monkeypatch.setenv("QYRAN_DEMO", "true")
    assert check_host("127.0.0.1") == "127.0.0.1"
    with pytest.raises(OnvifError, match="has no address"):
        check_host("no-such-host.invalid")


@pytest.mark.parametrize(
    "url", ["rtsp://h/x", "http://", "http://[::1/x", "http://h:99999/", "http://h/\n", "file:///etc"]
)
async def test_what_is_no_address_is_told_so(url: str) -> None:
    with pytest.raises(OnvifError, match="http://host/path"):
        Endpoint.of(url)


async def test_cameras_are_discovered_by_their_own_host_each_once(simulate: Simulate) -> None:
    simulated = simulate()
    (found,) = await discover(0.5, ("127.0.0.1", simulated.ear))
    assert found.url == f"http://127.0.0.1:{simulated.port}/onvif/device_service"
    assert (found.name, found.hardware) == ("Gate camera", "H1")


async def test_an_answer_that_cannot_be_read_names_no_camera() -> None:
    bomb = b'<!DOCTYPE b [<!ENTITY a "b">]><a>&a;</a>'
    assert matches(b"", "10.0.0.1") == matches(bomb, "10.0.0.1") == matches(b"<a/>", "10.0.0.1") == []
