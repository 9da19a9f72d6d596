"""`./qyran cameras …`: find ONVIF cameras on this network, and put one up with its streams and presets."""

import asyncio
import re
from typing import Annotated, Any
from urllib.parse import quote, urlsplit

import typer
from rich.console import Console
from sqlalchemy.exc import DBAPIError

from ingest.onvif import discovery
from ingest.onvif.camera import Camera
from ingest.onvif.errors import OnvifError
from ingest.onvif.soap import Endpoint
from ingest.onvif.values import Device, Profile
from ingest.settings import settings_for
from layers.cameras.queries import NewCamera, put_up
from layers.changes import ring
from layers.database import engine_for, visit
from layers.values import LonLat, Title

app = typer.Typer(help="Cameras by ONVIF.", no_args_is_help=True)
console, errors = Console(soft_wrap=True), Console(stderr=True, soft_wrap=True)
CODE = re.compile(r"[A-Za-z0-9А-Яа-яӘәҒғҚқҢңӨөҰұҮүҺһІі._-]{1,40}")


@app.command()
def discover(
    seconds: Annotated[float, typer.Option(min=0.5, max=30, help="How long answers are waited for.")] = 3.0,
    to: Annotated[str, typer.Option(metavar="HOST:PORT", help="Ask this address, not the whole network.")] = "",
) -> None:
    """List the cameras that answer: address, name, hardware."""
    host, _, port = to.rpartition(":")
    group = (host, int(port)) if host and port.isdecimal() else discovery.GROUP
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
    onvif: Annotated[str, typer.Option(metavar="URL", help="http://name:password@host/onvif/device_service")],
    lon: Annotated[float, typer.Option(min=-180, max=180, help="Where it stands, degrees WGS 84.")],
    lat: Annotated[float, typer.Option(min=-90, max=90)],
    name: Annotated[str, typer.Option(help="What people call it; its code where that is empty.")] = "",
    height: Annotated[float | None, typer.Option(min=0.1, max=500, help="Metres above the ground.")] = None,
    heading: Annotated[float | None, typer.Option(min=0, max=359.99, help="Degrees clockwise from north.")] = None,
    hfov: Annotated[float | None, typer.Option(min=0.1, max=179, help="How wide it sees, degrees.")] = None,
) -> None:
    """Ask a camera for its streams and put it up; the first of its profiles is recorded, the smallest analysed."""
    if not CODE.fullmatch(code):
        errors.print("A code is letters, digits, dot, hyphen and underscore, 40 at most.")
        raise typer.Exit(1)
    pose = {"height_m": height, "heading_deg": heading, "hfov_deg": hfov}
    try:
        told, device = asyncio.run(_read(onvif))
        new = _new(code, name or code, LonLat(lon=lon, lat=lat), told | pose)
        written = asyncio.run(_put_up(new))
    except OnvifError as error:
        errors.print(str(error), markup=False)
        raise typer.Exit(1) from None
    except (DBAPIError, OSError) as error:
        errors.print(f"The store does not take it ({type(error).__name__}).", markup=False)
        raise typer.Exit(1) from None
    if not written:
        errors.print(f"There is a camera {code} already.", markup=False)
        raise typer.Exit(1)
    turns = "turns" if told["kind"] == "ptz" else "is fixed"
    console.print(f"{code}: {device.maker} {device.model}, {turns}. Its place is ({lon:g}, {lat:g}).", markup=False)


async def _read(url: str) -> tuple[dict[str, Any], Device]:
    """Return the columns of a camera's row as it tells them itself; raises OnvifError."""
    endpoint = Endpoint.of(url)
    camera = await Camera(endpoint).open()
    device, profiles = await camera.device(), await camera.profiles()
    if not profiles:
        raise OnvifError("unsupported", "The camera tells no profile.")
    main, sub = profiles[0], profiles[-1]
    turning = next((one for one in profiles if one.turns), None)
    streams = [_with_login(await camera.stream_url(one.token), endpoint) for one in (main, sub)]
    return _columns(url, turning, sub, streams), device


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
    settings = {key: value for key, value in told.items() if key != "url"}
    title = Title(kk=name, ru=name, en=name)
    return NewCamera(code=code, title=title, place=place, url=told["url"], reader="rtsp", settings=settings)


async def _put_up(new: NewCamera) -> list[int]:
    engine = engine_for(settings_for(None).database_url)
    try:
        async with visit(engine) as session:
            written = await put_up(session, [new])
            await ring(session, {"cameras": written})
    finally:
        await engine.dispose()
    return written
