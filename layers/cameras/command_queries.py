"""Every question about turning cameras: who holds one, what is asked of it, what came of it, where it can look."""

from collections.abc import Sequence
from dataclasses import astuple, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, case, delete, exists, false, func, literal, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert

from layers.areas.queries import seen_by
from layers.cameras.commands import CHANNEL, Commanded, CommandTold, Held, NewCommand, Outcome, Preset, Turnable
from layers.cameras.table import camera, camera_command, camera_health, camera_lock, camera_preset
from layers.database import Session
from layers.values import LonLat, Title
from layers.viewer import Viewer

_c, _l, _p = camera_command.c, camera_lock.c, camera_preset.c
TOO_OLD_S = 10.0  # a camera does not turn by itself for what somebody wanted a while ago
LONGEST_S = 30.0  # no move takes longer; what is not told as ended by then has ended
ASTRAY, ASTRAY_DEG = 0.005, 0.5  # a preset that is told so far from where it was, shares or degrees, is another
UNSURE_S = 2.0  # after a turn: a shard asks each second where its cameras stand, and may not know it yet
KEPT_DAYS = 7  # who turned what stands in the audit for good


async def turnable(session: Session, viewer: Viewer, camera_id: int) -> Turnable | None:
    """Return a camera, None where there is none that the viewer sees."""
    own = seen_by(replace(viewer, also_areas=(), also_incidents=()), camera.c.area_id).label("own")
    plain = (camera.c[one.name] for one in fields(Turnable) if one.name not in ("name", "own", "place"))
    place = (func.ST_X(camera.c.geom).label("lon"), func.ST_Y(camera.c.geom).label("lat"))
    asked = select(*plain, camera.c.name_kk, camera.c.name_ru, camera.c.name_en, *place, own).where(
        camera.c.id == camera_id
    )
    row = (await session.execute(asked.where(seen_by(viewer, camera.c.area_id)))).one_or_none()
    if row is None:
        return None
    told = dict(row._mapping)
    name = Title(**{tongue: told.pop(f"name_{tongue}") for tongue in ("kk", "ru", "en")})
    return Turnable(name=name, place=LonLat(lon=told.pop("lon"), lat=told.pop("lat")), **told)


async def presets(session: Session, camera_id: int) -> list[Preset]:
    """Return the views a camera returns to, in the order they were made."""
    asked = select(camera_preset).where(_p.camera_id == camera_id).order_by(_p.id)
    return [_preset(row) for row in await session.execute(asked)]


async def holder(session: Session, camera_id: int) -> tuple[Held | None, datetime]:
    """Return who holds a camera, None where nobody does, and the store's time."""
    found = (await session.execute(_held(camera_id))).one_or_none()
    now: datetime = (await session.execute(select(func.now()))).scalar_one()
    return _holding(found, now), now


async def hold(session: Session, camera_id: int) -> tuple[Held | None, datetime]:
    """Return the same, and keep others from taking it until the transaction ends; the time is that of the moment."""
    await session.execute(
        insert(camera_lock).values(camera_id=camera_id, until=text("'-infinity'")).on_conflict_do_nothing()
    )
    found = (await session.execute(_held(camera_id).with_for_update())).one_or_none()
    now: datetime = (await session.execute(select(func.clock_timestamp()))).scalar_one()
    return _holding(found, now), now


async def give(session: Session, camera_id: int, held: Held) -> None:
    """Write whose the camera is."""
    values = {one.name: getattr(held, one.name) for one in fields(Held)}
    await session.execute(update(camera_lock).where(_l.camera_id == camera_id).values(values))


async def let_go(session: Session, camera_id: int, account_id: int) -> bool:
    """End somebody's own hold; False where they had none."""
    mine = update(camera_lock).where(_l.camera_id == camera_id, _l.account_id == account_id, _l.until > func.now())
    return (await session.execute(mine.values(until=func.now()))).rowcount > 0


async def command(session: Session, new: NewCommand) -> int:
    """Write a command and knock at the west wing's door; return its id."""
    values = {one.name: getattr(new, one.name) for one in fields(NewCommand)}
    written = await session.execute(insert(camera_command).values(values).returning(_c.id))
    await session.execute(text(f"NOTIFY {CHANNEL}"))
    return int(written.scalar_one())


async def last(session: Session, camera_id: int) -> CommandTold | None:
    """Return the newest command to a camera; what nobody took in time has expired, also while nobody says so."""
    unheard = and_(_c.outcome.is_(None), _c.taken_at.is_(None), _c.asked_at < _ago(TOO_OLD_S))
    outcome = case((unheard, literal("expired")), else_=_c.outcome).label("outcome")
    plain = (_c[one.name] for one in fields(CommandTold) if one.name != "outcome")
    asked = select(*plain, outcome).where(_c.camera_id == camera_id).order_by(_c.id.desc()).limit(1)
    row = (await session.execute(asked)).one_or_none()
    return None if row is None else CommandTold(**row._mapping)


async def take(session: Session) -> list[Commanded]:
    """Take the newest command of each camera: earlier ones are replaced by it, and what has waited too long expires."""
    await session.execute(_end("expired").where(_c.taken_at.is_(None), _c.asked_at < _ago(TOO_OLD_S)))
    newer = camera_command.alias("newer")
    is_old = exists().where(newer.c.camera_id == _c.camera_id, newer.c.id > _c.id, newer.c.outcome.is_(None))
    await session.execute(_end("replaced").where(_c.outcome.is_(None), is_old))
    due = update(camera_command).where(_c.taken_at.is_(None), _c.outcome.is_(None))
    taken = list((await session.execute(due.values(taken_at=func.clock_timestamp()).returning(_c.id))).scalars())
    rows = (await session.execute(_commanded(taken))).all() if taken else []
    return [_read(row) for row in rows]


async def move(session: Session, cameras: Sequence[int]) -> None:
    """Write that these cameras move: what they look at is no preset."""
    await session.execute(update(camera).where(camera.c.id.in_(cameras)).values(moving=True, preset=None))


async def stands(session: Session, camera_id: int, preset: str | None, *, since: int) -> None:
    """Write that a camera stands and at which preset, unless a later command than this one moves it."""
    later = exists().where(_c.camera_id == camera_id, _c.id > since, _c.outcome.is_(None), _c.taken_at.is_not(None))
    still = update(camera).where(camera.c.id == camera_id, ~later)
    await session.execute(still.values(moving=False, preset=preset))


async def end(session: Session, command_id: int, outcome: Outcome, code: str | None = None) -> None:
    """Write what came of a command; what has an outcome keeps it."""
    await session.execute(_end(outcome, code).where(_c.id == command_id, _c.outcome.is_(None)))


async def settle(session: Session, within_s: float = LONGEST_S) -> list[int]:
    """End every command that was taken longer ago, and let cameras stand that nobody moves; return these.

    So no camera moves for ever, whatever became of who moved it.
    """
    await session.execute(_end("failed", "interrupted").where(_c.outcome.is_(None), _c.taken_at < _ago(within_s)))
    moved = exists().where(_c.camera_id == camera.c.id, _c.outcome.is_(None), _c.taken_at.is_not(None))
    still = update(camera).where(camera.c.moving, ~moved).values(moving=False).returning(camera.c.id)
    return list((await session.execute(still)).scalars())


async def forget(session: Session) -> None:
    """Let go of commands that ended days ago."""
    await session.execute(delete(camera_command).where(_c.done_at < _ago(KEPT_DAYS * 86_400.0)))


async def turning_at(session: Session, camera_id: int, at: datetime) -> LonLat | None:
    """Return where a camera is that was being turned at a moment, or just had been; None where it stood."""
    ended = _c.done_at.is_(None) | (_c.done_at + func.make_interval(0, 0, 0, 0, 0, 0, UNSURE_S) >= at)
    turned = exists().where(_c.camera_id == camera_id, _c.kind != "stop", _c.taken_at <= at, ended)
    place = (func.ST_X(camera.c.geom).label("lon"), func.ST_Y(camera.c.geom).label("lat"))
    row = (await session.execute(select(*place).where(camera.c.id == camera_id, turned))).one_or_none()
    return None if row is None else LonLat(lon=row.lon, lat=row.lat)


async def turn_away(session: Session, camera_id: int) -> None:
    """Write that a camera is turned: how it hangs says no more where it looks, until that is calibrated again."""
    await session.execute(update(camera).where(camera.c.id == camera_id).values(turned=True))


async def keep_presets(session: Session, camera_id: int, told: Sequence[Preset]) -> list[str]:
    """Write the presets that a camera tells: names and positions anew; where each looks was told by people, and stays.

    One that was saved anew at another position looks elsewhere: what people told of it is broken; return these tokens.
    One that the camera has no more goes, unless people calibrated it: a camera that starts may tell none for a while.
    """
    unsaid = (_p.calibration == "none") & (_p.control_points == text("'[]'::jsonb")) & _p.heading_deg.is_(None)
    others = _p.token.not_in([one.token for one in told])
    await session.execute(delete(camera_preset).where(_p.camera_id == camera_id, others, unsaid))
    moved = [one.token for one in told if await _saved_elsewhere(session, camera_id, one)]
    for one in told:
        kk, ru, en = astuple(one.name)
        own = {"name_kk": kk, "name_ru": ru, "name_en": en, "pan": one.pan, "tilt": one.tilt, "zoom": one.zoom}
        new = insert(camera_preset).values(camera_id=camera_id, token=one.token, **own)
        await session.execute(new.on_conflict_do_update(index_elements=["camera_id", "token"], set_=own))
    return moved


async def _saved_elsewhere(session: Session, camera_id: int, told: Preset) -> bool:
    """Mark what people told of a preset as broken where it stands elsewhere now; say whether it did."""
    axes = [(_p[axis], getattr(told, axis)) for axis in ("pan", "tilt", "zoom")]
    apart = [func.abs(was - now) > (ASTRAY if abs(now) <= 1 else ASTRAY_DEG) for was, now in axes if now is not None]
    known = or_(_p.calibration == "good", _p.heading_deg.is_not(None), _p.control_points != text("'[]'::jsonb"))
    at_it = (_p.camera_id == camera_id) & (_p.token == told.token) & (_p.calibration != "broken") & known
    mark = update(camera_preset).where(at_it, or_(false(), *apart)).values(calibration="broken")
    return (await session.execute(mark)).rowcount > 0


async def with_presets(session: Session) -> list[tuple[int, tuple[str | None, str | None, str | None]]]:
    """Return the enabled cameras that turn: id, and the address, the profile and the pin of their ONVIF."""
    columns = ("id", "onvif_url", "onvif_profile", "onvif_pin")
    asked = select(*(camera.c[name] for name in columns)).order_by(camera.c.id)
    turning = asked.where(camera.c.enabled, camera.c.kind == "ptz", camera.c.onvif_url.is_not(None))
    return [(row.id, (row.onvif_url, row.onvif_profile, row.onvif_pin)) for row in await session.execute(turning)]


async def with_analytics(session: Session) -> list[tuple[int, str, str, LonLat, str | None]]:
    """Return the enabled cameras that speak ONVIF: id, code, address, place, pin."""
    place = (func.ST_X(camera.c.geom).label("lon"), func.ST_Y(camera.c.geom).label("lat"))
    asked = select(camera.c.id, camera.c.code, camera.c.onvif_url, camera.c.onvif_pin, *place).order_by(camera.c.id)
    found = await session.execute(asked.where(camera.c.enabled, camera.c.onvif_url.is_not(None)))
    return [(row.id, row.code, row.onvif_url, LonLat(lon=row.lon, lat=row.lat), row.onvif_pin) for row in found]


async def trust(session: Session, camera_id: int, seen: str) -> bool:
    """Pin the certificate that a camera showed first; False where it is known by one already."""
    first = update(camera).where(camera.c.id == camera_id, camera.c.onvif_pin.is_(None))
    return (await session.execute(first.values(onvif_pin=seen))).rowcount > 0


async def tell_fault(session: Session, camera_id: int, code: str | None) -> bool:
    """Write why a camera's ONVIF does not answer as it should, None where it does; say whether that is news."""
    other = camera.c.onvif_fault.is_distinct_from(code)
    told = update(camera).where(camera.c.id == camera_id, other).values(onvif_fault=code)
    return (await session.execute(told)).rowcount > 0


async def tell_skew(session: Session, camera_id: int, skew_s: float) -> None:
    """Write how far a camera's clock is ahead of ours, beside how else it fares."""
    told = insert(camera_health).values(camera_id=camera_id, at=func.now(), shard="onvif", skew_s=skew_s)
    await session.execute(told.on_conflict_do_update(index_elements=["camera_id"], set_={"skew_s": skew_s}))


def _held(camera_id: int) -> Select[Any]:
    return select(*(_l[one.name] for one in fields(Held))).where(_l.camera_id == camera_id, _l.account.is_not(None))


def _holding(row: Any, now: datetime) -> Held | None:
    held = None if row is None else Held(**row._mapping)
    return held if held is not None and held.until > now else None


def _end(outcome: Outcome, code: str | None = None) -> Any:
    return update(camera_command).values(outcome=outcome, code=code, done_at=func.clock_timestamp())


def _ago(seconds: float) -> Any:
    return func.clock_timestamp() - func.make_interval(0, 0, 0, 0, 0, 0, seconds)


def _commanded(ids: Sequence[int]) -> Select[Any]:
    own = (_c.id, _c.camera_id, _c.kind, _c.args)
    of = (
        camera.c[name]
        for name in ("code", "onvif_url", "onvif_profile", "onvif_pin", "height_m", "heading_deg", "range_m")
    )
    place = (func.ST_X(camera.c.geom).label("lon"), func.ST_Y(camera.c.geom).label("lat"))
    joined = camera_command.join(camera, camera.c.id == _c.camera_id)
    return select(*own, *of, *place).select_from(joined).where(_c.id.in_(ids)).order_by(_c.id)


def _read(row: Any) -> Commanded:
    told = dict(row._mapping)
    return Commanded(place=LonLat(lon=told.pop("lon"), lat=told.pop("lat")), **told)


def _preset(row: Any) -> Preset:
    plain = ("token", "heading_deg", "tilt_deg", "hfov_deg", "pan", "tilt", "zoom")
    name = Title(kk=row.name_kk, ru=row.name_ru, en=row.name_en)
    return Preset(name=name, broken=row.calibration == "broken", **{one: getattr(row, one) for one in plain})
