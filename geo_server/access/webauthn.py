"""Security keys and passkeys (W3C Web Authentication, level 2): challenged, enrolled, used."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

import webauthn
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import HTTPConnection
from webauthn.helpers import generate_challenge, options_to_json_dict, parse_authentication_credential_json
from webauthn.helpers.structs import PublicKeyCredentialDescriptor

from geo_server.access import factor_queries
from geo_server.access.schema import Account, Challenge, NewKey, SecurityKey
from geo_server.errors import Refusal
from layers.database import Session

CHALLENGE_LASTS = timedelta(minutes=5)
NAME = "Qyran"
_TIMEOUT_MS = int(CHALLENGE_LASTS.total_seconds() * 1000)
Purpose = Literal["enrol", "use"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What a browser must say it was at: the host, and the whole origin."""

    rp_id: str
    origin: str

    @classmethod
    def of(cls, connection: HTTPConnection) -> "Site":
        """Return the site that was asked; raises Refusal `bad_request` where the request names no host."""
        url = connection.url
        if not url.hostname:
            raise Refusal("bad_request", where="host", problem="no host is named")
        return cls(rp_id=url.hostname, origin=f"{url.scheme}://{url.netloc}")


async def options_to_enrol(session: Session, session_id: int, account: Account, site: Site) -> dict[str, Any]:
    """Challenge a session's person to make a new key, and return what the browser is told."""
    known = [_named(key) for key in await factor_queries.keys_of(session, account.id)]
    challenge = await _challenge(session, session_id, "enrol")
    options = webauthn.generate_registration_options(
        rp_id=site.rp_id,
        rp_name=NAME,
        user_name=account.name,
        user_id=str(account.id).encode(),
        challenge=challenge,
        timeout=_TIMEOUT_MS,
        exclude_credentials=known,
    )
    return options_to_json_dict(options)


async def options_to_use(session: Session, session_id: int, account: Account, site: Site) -> dict[str, Any]:
    """Challenge a session's person to use a key made for this host; raises Refusal `no_second_factor`."""
    known = [key for key in await factor_queries.keys_of(session, account.id) if key.rp_id == site.rp_id]
    if not known:
        raise Refusal("no_second_factor")
    challenge = await _challenge(session, session_id, "use")
    options = webauthn.generate_authentication_options(
        rp_id=site.rp_id, challenge=challenge, timeout=_TIMEOUT_MS, allow_credentials=[_named(key) for key in known]
    )
    return options_to_json_dict(options)


async def enrol(
    session: Session, session_id: int, account: Account, name: str, answer: Mapping[str, Any], site: Site
) -> int:
    """Write the key that answered, and return its id; raises Refusal `wrong_key`, `no_challenge`, `key_known`."""
    challenge = await _taken(session, session_id, "enrol")
    try:
        made = webauthn.verify_registration_response(
            credential=dict(answer),
            expected_challenge=challenge,
            expected_rp_id=site.rp_id,
            expected_origin=site.origin,
        )
    except Exception as error:
        raise Refusal("wrong_key") from error
    key_id = await factor_queries.write_key(
        session,
        account.id,
        NewKey(
            name=name,
            credential_id=made.credential_id,
            public_key=made.credential_public_key,
            sign_count=made.sign_count,
            rp_id=site.rp_id,
        ),
    )
    if key_id is None:
        raise Refusal("key_known")
    return key_id


async def use(session: Session, session_id: int, account: Account, answer: Mapping[str, Any], site: Site) -> int:
    """Take an answer to the challenge and return the key's id; raises Refusal `wrong_key`, `no_challenge`."""
    challenge = await _taken(session, session_id, "use")
    try:
        given = parse_authentication_credential_json(dict(answer))
        key = await factor_queries.hold_key(session, account.id, given.raw_id, site.rp_id)
        if key is None:
            raise Refusal("wrong_key")
        used = webauthn.verify_authentication_response(
            credential=given,
            expected_challenge=challenge,
            expected_rp_id=site.rp_id,
            expected_origin=site.origin,
            credential_public_key=key.public_key,
            credential_current_sign_count=key.sign_count,
        )
    except (Refusal, SQLAlchemyError):
        raise
    except Exception as error:
        raise Refusal("wrong_key") from error
    await factor_queries.key_was_used(session, key.id, used.new_sign_count)
    return key.id


async def _challenge(session: Session, session_id: int, purpose: Purpose) -> bytes:
    value = generate_challenge()
    challenge = Challenge(purpose=purpose, value=value)
    await factor_queries.write_challenge(session, session_id, challenge, lasts=CHALLENGE_LASTS)
    return value


async def _taken(session: Session, session_id: int, purpose: Purpose) -> bytes:
    challenge = await factor_queries.take_challenge(session, session_id)
    if challenge is None or challenge.purpose != purpose:
        raise Refusal("no_challenge")
    return challenge.value


def _named(key: SecurityKey) -> PublicKeyCredentialDescriptor:
    return PublicKeyCredentialDescriptor(id=key.credential_id)
