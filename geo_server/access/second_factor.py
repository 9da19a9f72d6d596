"""Codes of an authenticator app (TOTP, RFC 6238): made, confirmed, and each good once."""

import pyotp

from geo_server.access import factor_queries
from geo_server.access.factor_queries import Codes
from geo_server.access.schema import Account
from geo_server.access.secrets import Box, Unreadable
from geo_server.errors import Refusal
from layers.database import Session

STEP_S = 30
DRIFT_STEPS = 1  # the person's clock may be so far off, either way (RFC 6238, 5.2)
ISSUER = "Qyran"


def step_of(secret: str, code: str, now_s: float) -> int | None:
    """Return the step whose code this is, of those around the moment `now_s` (Unix seconds); None where it is none."""
    now = int(now_s // STEP_S)
    codes = pyotp.TOTP(secret, interval=STEP_S)
    found = [
        step for step in range(now - DRIFT_STEPS, now + DRIFT_STEPS + 1) if codes.verify(code, for_time=step * STEP_S)
    ]
    return found[-1] if found else None


def check(step: int | None, last_step: int | None, now_s: float) -> int:
    """Return the step that may be used now.

    Raises Refusal `wrong_code`, `code_used` where that step or a later one was used, `clock_went_back` where the last
    one used lies further ahead than any code could: the store's clock was set back since.
    """
    if last_step is not None and last_step > now_s // STEP_S + DRIFT_STEPS:
        raise Refusal("clock_went_back")
    if step is None:
        raise Refusal("wrong_code")
    if last_step is not None and step <= last_step:
        raise Refusal("code_used")
    return step


async def enrol(session: Session, box: Box, account: Account) -> tuple[str, str]:
    """Make an account a new secret, and return it with the URI an authenticator app reads.

    It counts only once a code confirms it; until then the one before it, if any, does.
    """
    secret = pyotp.random_base32()
    codes = await factor_queries.hold_codes(session, account.id)
    pending = box.seal(secret.encode(), owner=_owner(account.id))
    kept = Codes(secret=codes.secret, pending=pending, last_step=codes.last_step)
    await factor_queries.set_codes(session, account.id, kept)
    return secret, pyotp.TOTP(secret, interval=STEP_S).provisioning_uri(name=account.name, issuer_name=ISSUER)


async def confirm(session: Session, box: Box, account_id: int, code: str) -> None:
    """Let the new secret count from now on; raises Refusal as `check` does, `nothing_to_confirm`."""
    codes = await factor_queries.hold_codes(session, account_id)
    if codes.pending is None:
        raise Refusal("nothing_to_confirm")
    now_s = await factor_queries.store_time_s(session)
    step = check(step_of(_opened(box, codes.pending, account_id), code, now_s), None, now_s)
    await factor_queries.set_codes(session, account_id, Codes(secret=codes.pending, pending=None, last_step=step))


async def use(session: Session, box: Box, account_id: int, code: str) -> None:
    """Use up a code; raises Refusal as `check` does, `no_second_factor`, `second_factor_unreadable`."""
    codes = await factor_queries.hold_codes(session, account_id)
    if codes.secret is None:
        raise Refusal("no_second_factor")
    now_s = await factor_queries.store_time_s(session)
    step = check(step_of(_opened(box, codes.secret, account_id), code, now_s), codes.last_step, now_s)
    kept = Codes(secret=codes.secret, pending=codes.pending, last_step=step)
    await factor_queries.set_codes(session, account_id, kept)


async def remove(session: Session, account_id: int) -> None:
    """Let codes count no more; raises Refusal `no_second_factor`."""
    codes = await factor_queries.hold_codes(session, account_id)
    if codes.secret is None:
        raise Refusal("no_second_factor")
    await factor_queries.set_codes(session, account_id, Codes(secret=None, pending=None, last_step=None))


def _opened(box: Box, sealed: bytes, account_id: int) -> str:
    try:
        return box.open(sealed, owner=_owner(account_id)).decode()
    except Unreadable as error:
        raise Refusal("second_factor_unreadable") from error


def _owner(account_id: int) -> str:
    return f"totp:{account_id}"
