"""A webhook is signed so that its receiver knows us, and what the receiver answers is heeded."""

import hashlib
import hmac
import json
import stat
from pathlib import Path

import pytest

from geo_server.notify.channel import Later, Never, Sent
from geo_server.notify.outside import Allowed
from geo_server.notify.webhook import Secrets, Webhook
from tests.geo_server.notify.messages import message
from tests.geo_server.notify.receiver import receiving

pytestmark = pytest.mark.anyio


def webhook(home: Path, *, hosts: tuple[str, ...] = ("127.0.0.1",)) -> Webhook:
    return Webhook(allowed=Allowed(hosts=hosts, local=("127.0.0.1",)), secrets=Secrets(home=home))


async def test_the_receiver_checks_the_signature_with_its_own_secret(tmp_path: Path) -> None:
    hook = webhook(tmp_path)
    async with receiving() as receiver:
        assert await hook.send(message(address=receiver.url)) == Sent()
    (came,) = receiver.came
    signed = f"{came.headers['x-qyran-timestamp']}.".encode() + came.body
    expected = hmac.new(hook.secrets.of(3, 1).encode(), signed, hashlib.sha256).hexdigest()
    assert came.headers["x-qyran-signature"] == f"v1={expected}"
    told = json.loads(came.body)
    assert told["id"] == came.headers["x-qyran-notice"] == "qyran-7"
    assert told["incident"] == {"number": "26-000001", "category": "fire"} and "caller" not in came.body.decode()


def test_each_contact_and_each_round_has_a_secret_of_its_own(tmp_path: Path) -> None:
    secrets = Secrets(home=tmp_path)
    assert len({secrets.of(contact, turn) for contact in (1, 2, 12) for turn in (1, 2)}) == 6
    assert secrets.of(1, 1) == Secrets(home=tmp_path).of(1, 1), "the key stays"
    assert stat.S_IMODE((tmp_path / "keys" / "webhook.key").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (204, Sent()),
        (500, Later(code="answered_500")),
        (429, Later(code="answered_429", after_s=30.0)),
        (410, Never(code="answered_410")),
        (302, Never(code="answered_302")),
        (400, Never(code="answered_400")),
    ],
)
async def test_what_a_receiver_answers_is_heeded(status: int, outcome: object, tmp_path: Path) -> None:
    async with receiving() as receiver:
        receiver.status = status
        receiver.headers = {"Retry-After": "30"} if status == 429 else {}
        assert await webhook(tmp_path).send(message(address=receiver.url)) == outcome


async def test_a_host_that_is_not_allowed_is_not_asked(tmp_path: Path) -> None:
    async with receiving() as receiver:
        outcome = await webhook(tmp_path, hosts=("hooks.example.kz",)).send(message(address=receiver.url))
    assert outcome == Never(code="host_not_allowed") and receiver.came == []


async def test_a_text_of_a_hundred_thousand_letters_is_cut_and_said_to_be(tmp_path: Path) -> None:
    async with receiving() as receiver:
        assert await webhook(tmp_path).send(message(address=receiver.url, body="ж" * 100_000)) == Sent(cut=True)
    assert len(json.loads(receiver.came[0].body)["text"]) == 20_000


def test_without_hosts_it_is_not_configured(tmp_path: Path) -> None:
    assert not webhook(tmp_path, hosts=()).configured
