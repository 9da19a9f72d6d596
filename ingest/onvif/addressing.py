"""Where a camera's streams are: said anew in the shell, and taken only where its reader would take the address."""

from typing import Any
from urllib.parse import urlsplit

from ingest.onvif.soap import Endpoint
from ingest.settings import settings_for
from ingest.sources.register import open_source
from ingest.sources.source import SourceSettings
from layers.cameras import queries
from layers.database import Session

COLUMNS = ("url", "main_url", "onvif_url")


def checked(reader: str, *addresses: str | None) -> None:
    """Raise SourceError where a reader would not take one of these addresses; None is none."""
    home = settings_for(None).home
    for address in addresses:
        if address is not None:
            open_source(reader, SourceSettings(camera_id=0, url=address, home=home))


def columns_of(url: str | None, main_url: str | None, onvif: str | None) -> dict[str, Any]:
    """Return the columns that are told of; an empty main address is none: the other one is recorded and watched.

    Raises OnvifError where the third is no address. The camera is not asked: it is known by its pin, as before.
    """
    told: dict[str, Any] = {} if url is None else {"url": url}
    told |= {} if main_url is None else {"main_url": main_url or None}
    if onvif is not None:
        Endpoint.of(onvif)
        told |= {"onvif_url": onvif, "onvif_fault": None}
    return told


async def tried(session: Session, code: str) -> None:
    """Try the addresses that a camera's row says now by the reader that it names; raises SourceError."""
    told = await queries.addresses(session, code)
    if told is not None:
        checked(*told)


def without_login(address: object) -> object:
    """Return an address without its name and password; what is none as it is."""
    if not isinstance(address, str):
        return address
    parts = urlsplit(address)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
