"""Passwords: argon2id, always checked in a thread, at the same cost whether the name is known or not."""

import anyio
from anyio import to_thread
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# OWASP's smallest argon2id setting: 19 MiB, two passes, one lane.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_NOBODY = _HASHER.hash("no account has this password")
_AT_ONCE = anyio.CapacityLimiter(2)  # a flood of tries must not take the machine's memory


def hash_password(password: str) -> str:
    """Return the argon2id hash to keep."""
    return _HASHER.hash(password)


async def is_right(password: str, kept: str | None) -> bool:
    """Say whether the password is the one that was kept; None, an unknown name, takes as long and is wrong."""
    return await to_thread.run_sync(_is_right, password, kept, limiter=_AT_ONCE)


def _is_right(password: str, kept: str | None) -> bool:
    try:
        return _HASHER.verify(kept or _NOBODY, password) and kept is not None
    except (VerificationError, InvalidHashError):
        return False
