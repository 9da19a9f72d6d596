"""`./qyran cameras …`: find ONVIF cameras, put up one of any kind, say what is kept of it and how it is looked at."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Annotated, Any, NoReturn
from urllib.parse import quote, urlsplit

import typer
from rich.console import Console
from sqlalchemy.exc import DBAPIError

from ingest.onvif import addressing, discovery, placing, removing
from ingest.onvif.camera import Camera
from ingest.onvif.errors import OnvifError
from ingest.onvif.media import streaming
from ingest.onvif.soap import Endpoint
from ingest.onvif.values import Profile
from ingest.settings import settings_for
from ingest.sources.register import READERS
from ingest.sources.source import SourceError
from layers.cameras import queries
from layers.cameras.queries import NewCamera, put_up
from layers.changes import ring
from layers.database import Session, engine_for, visit
from layers.sight.locator import GeolocateError
from layers.values import LonLat, Title

app = typer.Typer(help="Cameras: found, put up, changed.", no_args_is_help=True)
console, errors = Console(soft_wrap=True), Console(stderr=True, soft_wrap=True)
Record = StrEnum("Record", ["none", "events", "continuous"])
Transport = StrEnum("Transport", ["tcp", "udp"])
Retention = StrEnum("Retention", ["public", "operations", "fire_inspection"])
WAYS = "How packets of RTSP come: through one connection, or by UDP."
CODE = re.compile(r"[A-Za-z0-9А-Яа-яӘәҒғҚқҢңӨөҰұҮүҺһІі._-]{1,40}")


@app.command()
def discover(
    seconds: Annotated[float, typer.Option(min=0.5, max=30, help="How long answers are waited for.")] = 3.0,
    to: Annotated[str, typer.Option(metavar="HOST:PORT", help="Ask this address, not the whole network.")] = "",
) -> None:
    """List the cameras that answer: address, name, hardware."""
    host, _, port = to.rpartition(":")
    if to and not (host and port.isascii() and port.isdecimal() and 0 < int(port) < 65_536):
        _fail("An address to ask is HOST:PORT, of a camera 3702.")
    group = (host, int(port)) if to else discovery.GROUP
    try:
        found = asyncio.run(discovery.discover(seconds, group))
    except OSError as error:
        errors.print(f"This machine cannot ask the network: {error.strerror or error}.", markup=False)
        raise typer.Exit(1) from None
    for one in found:
        console.print(f"{one.url}  {one.name}  {one.hardware}".rstrip(), markup=False)
    if not found:
        errors.print("No camera answered. Multicast may not reach them: name one with `cameras add`.")


@app.command()
def add(
    code: Annotated[str, typer.Argument(help="The camera's code, which no other has.")],
    lon: Annotated[float, typer.Option(min=-180, max=180, help="Where it stands, degrees WGS 84.")],
    lat: Annotated[float, typer.Option(min=-90, max=90)],
    onvif: Annotated[str, typer.Option(metavar="URL", help="http://name:password@host/onvif/device_service")] = "",
    url: Annotated[str, typer.Option(help="Without ONVIF: the address of its stream, the smaller of two.")] = "",
    main_url: Annotated[str, typer.Option(help="The one that is recorded and watched; none: the same.")] = "",
    reader: Annotated[str, typer.Option(help=f"What reads it: {', '.join(READERS)}.")] = "rtsp",
    transport: Annotated[Transport, typer.Option(help=WAYS)] = Transport.tcp,
    name: Annotated[str, typer.Option(help="What people call it; its code where that is empty.")] = "",
    height: Annotated[float | None, typer.Option(min=0.1, max=500, help="Metres above the ground.")] = None,
    heading: Annotated[float | None, typer.Option(min=0, max=359.99, help="Degrees clockwise from north.")] = None,
    tilt: Annotated[float | None, typer.Option(min=0.1, max=90, help="Degrees below the horizon.")] = None,
    hfov: Annotated[float | None, typer.Option(min=0.1, max=179, help="How wide it sees, degrees.")] = None,
) -> None:
    """Put a camera up. By ONVIF it is asked for its streams: its first profile is recorded, the smallest analysed."""
    if not CODE.fullmatch(code):
        _fail("A code is letters, digits, dot, hyphen and underscore, 40 at most.")
    if bool(onvif) == bool(url):
        _fail("A camera has either --onvif URL or --url URL.")
    pose = {"height_m": height, "heading_deg": heading, "tilt_deg": tilt, "hfov_deg": hfov}
    try:
        told, what = asyncio.run(_read(onvif)) if onvif else _plain(url, main_url or None, reader)
        new = _new(code, name or code, LonLat(lon=lon, lat=lat), told | pose | {"transport": transport.value})
        written = asyncio.run(_written(lambda session: put_up(session, [new])))
    except (OnvifError, SourceError) as error:
        _fail(str(error))
    except (DBAPIError, OSError) as error:
        _fail(f"The store does not take it ({type(error).__name__}).")
    if not written:
        _fail(f"There is a camera {code} already.")
    console.print(f"{code}: {what}. Its place is ({lon:g}, {lat:g}).", markup=False)


@app.command("set")
def change(
    code: Annotated[str, typer.Argument(help="The camera's code.")],
    record: Annotated[Record | None, typer.Option(help="What is kept of it: nothing, around events, or all.")] = None,
    retention: Annotated[Retention | None, typer.Option(help="How long: data/retention.json.")] = None,
    life_safety: Annotated[
        bool | None, typer.Option("--life-safety/--no-life-safety", help="Never idle: every frame is looked at.")
    ] = None,
    enabled: Annotated[bool | None, typer.Option("--on/--off", help="Whether it is read at all.")] = None,
    url: Annotated[str | None, typer.Option(help="Another address of its stream, or another password.")] = None,
    main_url: Annotated[str | None, typer.Option(help="The one that is recorded and watched; '': the same.")] = None,
    onvif: Annotated[
        str | None, typer.Option(metavar="URL", help="By ONVIF too, which has a password of its own.")
    ] = None,
    transport: Annotated[Transport | None, typer.Option(help=WAYS)] = None,
    private: Annotated[bool | None, typer.Option("--private/--state", help="Who owns it.")] = None,
    fps: Annotated[float | None, typer.Option(min=0.1, max=60, help="Frames looked at a second, at most.")] = None,
    height: Annotated[float | None, typer.Option(min=0.1, max=500, help="Metres above the ground.")] = None,
    heading: Annotated[float | None, typer.Option(min=0, max=359.99, help="Degrees clockwise from north.")] = None,
    tilt: Annotated[float | None, typer.Option(min=0.1, max=90, help="Degrees below the horizon.")] = None,
    roll: Annotated[float | None, typer.Option(min=-180, max=180, help="Degrees clockwise.")] = None,
    hfov: Annotated[float | None, typer.Option(min=0.1, max=179, help="How wide it sees, degrees.")] = None,
    range_m: Annotated[float | None, typer.Option("--range", min=1, max=5000, help="Metres it is of use.")] = None,
    lens: Annotated[str | None, typer.Option(metavar="K1,K2,P1,P2,K3", help=placing.LENS_WORDS)] = None,
    ground: Annotated[str | None, typer.Option(metavar="EAST,NORTH", help=placing.GROUND_WORDS)] = None,
    onvif_pin: Annotated[
        str | None, typer.Option(metavar="SHA256", help="Its certificate's fingerprint; `first`: the next it shows.")
    ] = None,
) -> None:
    """Say where a camera is, what is kept of it, how it is looked at and sees, by which certificate it is known."""
    looked = {"enabled": enabled, "transport": transport, "fps_limit": fps, "life_safety": life_safety}
    owned = None if private is None else "private" if private else "state"
    told = {"record": record, "retention": retention, "owner_kind": owned, **looked}
    pose = {"height_m": height, "heading_deg": heading, "tilt_deg": tilt, "roll_deg": roll, "hfov_deg": hfov}
    try:
        sees = placing.columns_of(pose | {"range_m": range_m}, lens, ground)
        at = addressing.columns_of(url, main_url, onvif)
    except (GeolocateError, OnvifError) as error:
        _fail(str(error))
    values = {name: value for name, value in told.items() if value is not None} | at | sees | _pinned(onvif_pin)
    if not values:
        _fail("Nothing was asked for: see `cameras set --help`.")

    async def write(session: Session) -> list[int]:
        if url:  # of a camera that stood in the register alone this is the first stream
            await queries.read_first_by(session, code, "rtsp")
        changed = await queries.change(session, code, **values)
        if at or enabled:  # one that was removed has no address: it is on again once another is told
            await addressing.tried(session, code)
        if sees:
            await placing.tried(session, code)
        return [] if changed is None else [changed]

    try:
        written = asyncio.run(_written(write))
    except GeolocateError as error:
        _fail(f"Nothing is stored: {error}")
    except SourceError as error:
        _fail(str(error))
    except (DBAPIError, OSError) as error:
        _fail(f"The store does not take it ({type(error).__name__}).")
    if not written:
        _fail(f"There is no camera {code}.")
    console.print(f"{code}: {', '.join(_said(name, value) for name, value in values.items())}.", markup=False)


@app.command()
def remove(code: Annotated[str, typer.Argument(help="The camera's code.")]) -> None:
    """Take a camera away. One with events, recordings, holds or exports keeps them and is switched off for good."""
    try:
        stays = asyncio.run(removing.removed(code))
    except (DBAPIError, OSError) as error:
        _fail(f"The store does not take it ({type(error).__name__}).")
    if stays is None:
        _fail(f"There is no camera {code}.")
    if not stays:
        console.print(f"{code} is deleted: nothing referred to it.", markup=False)
        return
    kept = f"it cannot be deleted, for it has {', '.join(stays)}; these stay"
    console.print(f"{code} is switched off for good, its addresses are forgotten: {kept}.", markup=False)


def _said(name: str, value: object) -> str:
    """Say a column and its value; an address without its name and password, for others may read this."""
    return f"{name} {addressing.without_login(value) if name in addressing.COLUMNS else value}"


def _pinned(said: str | None) -> dict[str, str | None]:
    """Return the pin that is told: 64 hexadecimal digits, with or without colons."""
    if said is None:
        return {}
    pin = said.replace(":", "").lower()
    if said != "first" and not re.fullmatch("[0-9a-f]{64}", pin):
        _fail("A fingerprint is SHA-256: 64 hexadecimal digits; or `first`.")
    return {"onvif_pin": None if said == "first" else pin, "onvif_fault": None}


def _fail(sentence: str) -> NoReturn:
    errors.print(sentence, markup=False)
    raise typer.Exit(1)


def _plain(url: str, main_url: str | None, reader: str) -> tuple[dict[str, Any], str]:
    """Return the columns of a camera that is no ONVIF's; SourceError where its reader would not take the address."""
    addressing.checked(reader, url, main_url)
    kind = "drone" if reader == "drone" else "fixed"
    return {"url": url, "main_url": main_url, "reader": reader, "kind": kind}, f"read by {reader}"


async def _read(url: str) -> tuple[dict[str, Any], str]:
    """Return the columns of a camera's row as it tells them itself, and what it is; raises OnvifError."""
    endpoint = Endpoint.of(url)
    camera = await Camera(endpoint).open()
    device, profiles = await camera.device(), await camera.profiles()
    if not profiles:
        raise OnvifError("unsupported", "The camera tells no profile.")
    shown = streaming(profiles)
    main, sub = shown[0], shown[-1]
    turning = next((one for one in profiles if one.turns), None)
    streams = [_with_login(await camera.stream_url(one.token), endpoint) for one in (main, sub)]
    turns = "is fixed" if turning is None else "turns"
    known = "" if endpoint.seen is None else f", known from now on by its certificate {endpoint.seen}"
    columns = _columns(url, turning, sub, streams) | {"onvif_pin": endpoint.seen}
    return columns, f"{device.maker} {device.model}, {turns}{known}"


def _columns(url: str, turning: Profile | None, sub: Profile, streams: list[str]) -> dict[str, Any]:
    main_url, sub_url = streams
    return {
        "url": sub_url,
        "main_url": None if main_url == sub_url else main_url,
        "kind": "fixed" if turning is None else "ptz",
        "onvif_url": url,
        "onvif_profile": None if turning is None else turning.token,
        "width_px": sub.width_px or None,
        "height_px": sub.height_px or None,
    }


def _with_login(stream: str, endpoint: Endpoint) -> str:
    """Return the stream's address with the camera's own name and password, which it does not tell itself."""
    if endpoint.user is None:
        return stream
    parts = urlsplit(stream)
    login = f"{quote(endpoint.user, safe='')}:{quote(endpoint.password, safe='')}@"
    return parts._replace(netloc=login + parts.netloc).geturl()


def _new(code: str, name: str, place: LonLat, told: dict[str, Any]) -> NewCamera:
    settings = {key: value for key, value in told.items() if key not in ("url", "reader")}
    title = Title(kk=name, ru=name, en=name)
    reader = told.get("reader", "rtsp")
    return NewCamera(code=code, title=title, place=place, url=told["url"], reader=reader, settings=settings)


async def _written(write: Callable[[Session], Awaitable[list[int]]]) -> list[int]:
    """Write in one visit, ring for the cameras that were written, and return their ids."""
    engine = engine_for(settings_for(None).database_url)
    try:
        async with visit(engine) as session:
            written = await write(session)
            await ring(session, {"cameras": written})
    finally:
        await engine.dispose()
    return written
