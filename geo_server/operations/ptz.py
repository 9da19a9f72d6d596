"""Who may turn a camera: the higher rank, and among equals who holds it; and to which places. Pure.

The levels of the tree come first (MIA 897 §6.5: what is above may do what is done below), then the commander before
the dispatcher. A hold ends by itself, so many seconds after the last move.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from geo_server.errors import Refusal
from layers.cameras.commands import Held, Turnable
from layers.cameras.sight import horizon_m
from layers.near import apart_m
from layers.values import Level, LonLat, Role

HELD_FOR = timedelta(seconds=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """Who wants to turn a camera."""

    account_id: int
    account: str
    session_id: int | None
    rank: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """The camera is theirs; `over` is who loses it to them."""

    held: Held
    over: Held | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Somebody else has it, and until when."""

    held: Held


def rank_of(role: Role, level: Level) -> int:
    """Return the rank of a role at a level of the tree; a higher number goes first."""
    return 2 * (Level.DISTRICT - level) + (2 if role is Role.COMMANDER else 1)


def decide(held: Held | None, hand: Hand, now: datetime) -> Take | Wait:
    """Say whether they take the camera or wait; a person's own hold is renewed from any of their windows."""
    holds = held is not None and held.until > now
    if held is not None and holds and held.account_id != hand.account_id:
        return Take(held=_theirs(hand, now), over=held) if hand.rank > held.rank else Wait(held=held)
    return Take(held=_theirs(hand, now))


def check_place(camera: Turnable, place: LonLat) -> None:
    """Refuse a place of which a camera shows nothing, wherever it is turned: its command would be told as done."""
    away_m, horizon = apart_m(camera.place, place), horizon_m(camera.height_m)
    if away_m > camera.range_m:
        raise Refusal("place_beyond_range", away_m=round(away_m), range_m=round(camera.range_m))
    if away_m > horizon:
        raise Refusal("place_beyond_horizon", away_m=round(away_m), horizon_m=round(horizon))


def _theirs(hand: Hand, now: datetime) -> Held:
    return Held(
        account_id=hand.account_id,
        account=hand.account,
        session_id=hand.session_id,
        rank=hand.rank,
        until=now + HELD_FOR,
    )
