"""E-mail by a real SMTP server: taken, refused, asked for TLS and a login, silent."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session
from pydantic import SecretStr

from geo_server.door import certificates
from geo_server.notify.channel import Later, Never, Sent
from geo_server.notify.mail import Mail, letter
from geo_server.notify.settings import ChannelSettings
from tests.geo_server.notify.messages import message

pytestmark = pytest.mark.anyio
TO = "asel@akimat.example.kz"


class Inbox:
    """What the server took; `refuse` is what it says to a recipient in place of yes."""

    def __init__(self, refuse: str = "") -> None:
        self.refuse, self.letters = refuse, list[EmailMessage]()

    async def handle_RCPT(self, server: Any, session: Session, envelope: Envelope, address: str, options: Any) -> str:
        if self.refuse:
            return self.refuse
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:
        read = message_from_bytes(envelope.content or b"", policy=policy.default)  # type: ignore[arg-type]
        self.letters.append(read)
        return "250 OK"


@contextmanager
def served(inbox: Inbox, **options: Any) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    controller = Controller(inbox, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


def mail(port: int, **other: Any) -> Mail:
    told = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none", "smtp_from": "qyran@example.kz"}
    return Mail(told=ChannelSettings(**{**told, **other}))


async def test_a_letter_arrives_as_it_was_written() -> None:
    inbox = Inbox()
    with served(inbox) as port:
        assert await mail(port).send(message(address=TO)) == Sent()
    (read,) = inbox.letters
    assert (read["To"], read["From"], read["Subject"]) == (TO, "qyran@example.kz", message().subject)
    assert read["Message-ID"] == "<qyran-7@example.kz>" and read["Auto-Submitted"] == "auto-generated"
    assert read.get_content().strip() == message().body


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ("550 no such user", Never(code="address_refused")),
        ("450 busy, try later", Later(code="address_refused")),
    ],
)
async def test_an_address_that_is_refused_for_good_is_told_from_one_for_now(said: str, outcome: object) -> None:
    with served(Inbox(said)) as port:
        assert await mail(port).send(message(address=TO)) == outcome


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    made = certificates.own(tmp_path_factory.mktemp("tls"), "127.0.0.1")
    return made.cert, made.key


def shown(pair: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*pair)
    return context


async def test_tls_and_a_login_are_used_where_they_are_set(pair: tuple[Path, Path]) -> None:
    def check(server: Any, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        good = isinstance(data, LoginPassword) and (data.login, data.password) == (b"qyran", b"hush")
        return AuthResult(success=good, handled=good)

    inbox = Inbox()
    told: dict[str, Any] = {"smtp_security": "starttls", "smtp_ca": pair[0], "smtp_user": "qyran"}
    options: dict[str, Any] = {"tls_context": shown(pair), "require_starttls": True, "auth_required": True}
    with served(inbox, **options, authenticator=check) as port:
        good = mail(port, **told, smtp_password=SecretStr("hush"))
        assert await good.send(message(address=TO)) == Sent()
        bad = mail(port, **told, smtp_password=SecretStr("wrong"))
        assert await bad.send(message(address=TO)) == Later(code="login_refused")
    assert len(inbox.letters) == 1


async def test_a_server_without_tls_is_told_nothing_where_tls_is_set(pair: tuple[Path, Path]) -> None:
    inbox = Inbox()
    with served(inbox) as port:
        outcome = await mail(port, smtp_security="starttls", smtp_ca=pair[0]).send(message(address=TO))
    assert isinstance(outcome, Later) and inbox.letters == []


async def test_a_server_that_is_away_is_tried_again() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        outcome = await mail(taken.getsockname()[1]).send(message(address=TO))
    assert isinstance(outcome, Later) and outcome.code.startswith("unreachable_")


def test_no_subject_begins_a_header_of_its_own() -> None:
    made = letter(message(address=TO, subject="Өрт\r\nBcc: all@example.kz\x00\n\nx" + "y" * 1000), "qyran@example.kz")
    assert made["Bcc"] is None and "\n" not in made["Subject"] and len(made["Subject"]) <= 200
    assert b"\r\nBcc:" not in made.as_bytes()


def test_a_text_of_a_hundred_thousand_letters_is_cut() -> None:
    assert len(letter(message(address=TO, body="ж" * 100_000), "qyran@example.kz").get_content().strip()) == 20_000
