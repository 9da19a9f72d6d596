"""Who may play what of stored video: admitted by tickets that last an hour, and the bytes or films that these mean."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import Request

from ingest.errors import Refusal, unstored
from ingest.footage.guests import Guests, View
from ingest.recording.boxes import began_s
from ingest.recording.films import Film
from ingest.recording.reading import READ_BYTES, Unreadable, beginning, read, stretches_of
from layers.database import visit
from layers.recordings import clip_queries, playback_queries
from layers.recordings.playback_queries import Covered
from layers.recordings.schema import Recording
from layers.video.schema import Kind, Ticket, digest

MOST = 64  # views at once
MOST_MASKED = 8  # of them such that cost a decoder and an encoder of their own


@dataclass(frozen=True, slots=True, kw_only=True)
class Reel:
    """What is sent: its bytes, part by part, how many, and what the answer's head tells of them."""

    parts: Iterator[bytes]
    size: int
    headers: Mapping[str, str]
    kind: str = "video/mp4"


class Replays:
    """Serves what was recorded to whoever holds a ticket."""

    def __init__(self, engine: AsyncEngine, home: Path) -> None:
        """Take the store and the home."""
        self._engine, self.home = engine, home
        self.guests = Guests(engine)
        self._decoding = 0

    async def reel(self, request: Request, ticket: Ticket) -> Reel:
        """Return what a ticket and the moment asked for stand for; raises Refusal `no_recording`, `bad_moment`."""
        async with visit(self._engine) as session:
            if ticket.export_id is not None:
                path = await playback_queries.export_path(session, ticket.export_id)
                return _archive(self.home / "exports", path)
            if ticket.event_id is not None:
                return _clip(self.home / "clips", await playback_queries.clip_path(session, ticket.event_id))
            since, until = interval_of(request.query_params.get("from"), ticket)
            files = await clip_queries.files_of(session, ticket.camera_id, since, until)
        return await asyncio.to_thread(_recorded, self.home / "recordings", files, since, until)

    async def films(self, request: Request, ticket: Ticket) -> tuple[list[Film], Covered]:
        """Return what a ticket and a moment stand for as films to be decoded, and what is masked in them."""
        async with visit(self._engine) as session:
            covered = await playback_queries.covered(session, ticket.camera_id, ticket.begins_at or datetime.now(UTC))
            if ticket.event_id is not None:
                clip = await playback_queries.clip_path(session, ticket.event_id)
                return _film_of(self.home / "clips", clip), covered
            since, until = interval_of(request.query_params.get("from"), ticket)
            files = await clip_queries.files_of(session, ticket.camera_id, since, until)
        folder = self.home / "recordings"
        return [Film.of(folder, one, since) for one in stretches_of(files, since, until)], covered

    @asynccontextmanager
    async def admitted(self, token: str, kind: Kind, *, masked: bool = False) -> AsyncIterator[View]:
        """Let in whoever has such a ticket; by the same one a window may come again for an hour, to seek.

        What such a view was shown before by the same ticket ends. A ticket for masked video opens nothing else.
        """
        if len(self.guests.views) >= MOST or (masked and self._decoding >= MOST_MASKED):
            raise Refusal("too_many_viewers")
        self._decoding += masked
        try:
            async with self.guests.seated(await self._reopened(token, kind, masked=masked)) as view:
                yield view
        finally:
            self._decoding -= masked

    async def _reopened(self, token: str, kind: Kind, *, masked: bool) -> View:
        try:
            async with visit(self._engine) as session:
                found = await playback_queries.reopen(session, digest(token), kind)
                if found is not None and found.ticket.masked and not masked:
                    raise Refusal("bad_ticket")
        except (SQLAlchemyError, OSError) as error:
            raise unstored(error) from None
        if found is None:
            raise Refusal("ticket_over")
        for other in list(self.guests.views):
            if other.id == found.view_id:
                other.end("left")
        return View(ticket=found.ticket, id=found.view_id)


def interval_of(told: str | None, ticket: Ticket) -> tuple[datetime, datetime]:
    """Return what of the ticket's interval follows a moment."""
    begins, ends = ticket.begins_at, ticket.until
    if begins is None or ends is None:
        raise Refusal("bad_ticket")
    try:
        at = begins if told is None else datetime.fromisoformat(told)
        if at.tzinfo is None:
            raise Refusal("bad_moment")
        return max(begins, at.astimezone(UTC)), ends
    except (ValueError, OverflowError):
        raise Refusal("bad_moment") from None


def _recorded(folder: Path, files: list[Recording], since: datetime, until: datetime) -> Reel:
    """Return the first stretch at or behind a moment; `x-next` says where the following one begins."""
    found = stretches_of(files, since, until)
    if not found:
        raise Refusal("no_recording")
    one, following = found[0], found[1].begins_at if len(found) > 1 else None
    init = beginning(folder, one.recording)

    def parts() -> Iterator[bytes]:
        yield init
        with suppress(Unreadable):  # deleted meanwhile: the window sees that it ends early
            yield from read(folder, one.recording, one.offset, one.end)

    media_s = began_s(folder / one.recording.path, one.offset)
    told = _told(one.begins_at, one.ends_at, one.recording.codec, media_s)
    told["x-next"] = "" if following is None else _iso(following)
    return Reel(parts=parts(), size=len(init) + one.size, headers=told)


def _clip(folder: Path, found: tuple[str, int, str, datetime, datetime] | None) -> Reel:
    if found is None:
        raise Refusal("no_recording")
    path, init_size, codec, begins_at, ends_at = found
    told = _told(begins_at, ends_at, codec, began_s(folder / path, init_size))
    return Reel(parts=_file(folder / path), size=(folder / path).stat().st_size, headers={**told, "x-next": ""})


def _film_of(folder: Path, found: tuple[str, int, str, datetime, datetime] | None) -> list[Film]:
    if found is None:
        return []
    path, init_size, _, begins_at, _ = found
    return [Film(path=folder / path, init_size=init_size, begins_at=begins_at, since=begins_at)]


def _archive(folder: Path, path: str | None) -> Reel:
    if path is None:
        raise Refusal("no_recording")
    name = f"attachment; filename*=UTF-8''{quote(f'qyran-export-{path}')}"
    return Reel(
        parts=_file(folder / path),
        size=(folder / path).stat().st_size,
        headers={"content-disposition": name},
        kind="application/zip",
    )


def _file(path: Path) -> Iterator[bytes]:
    with path.open("rb") as opened:
        while part := opened.read(READ_BYTES):
            yield part


def _told(begins_at: datetime, ends_at: datetime, codec: str, media_s: float) -> dict[str, str]:
    return {
        "x-begins-at": _iso(begins_at),
        "x-ends-at": _iso(ends_at),
        "x-codec": codec,
        "x-media-s": f"{media_s:.6f}",
    }


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
