"""E-mail by one SMTP server (RFC 5321); without TLS only where an administrator said so."""

from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import format_datetime
from typing import ClassVar

import aiosmtplib

from geo_server.notify.channel import Later, Message, Never, Outcome, Sent
from geo_server.notify.outside import tls
from geo_server.notify.settings import ChannelSettings
from layers.values import Title

MOST_LETTERS = 20_000
PATIENT_S = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """Hands each message to the server that was set."""

    title: ClassVar[Title] = Title(kk="Электрондық пошта", ru="Электронная почта", en="E-mail")
    told: ChannelSettings
    name: str = "mail"
    at_once: int = 4
    patience_s: float = PATIENT_S + 10

    @property
    def configured(self) -> bool:
        """Say whether a server is set."""
        return self.told.smtp_host is not None

    async def send(self, message: Message) -> Outcome:
        """Hand over a message; a refusal of the address is for good (RFC 5321, 4.2.1), all else is tried again."""
        try:
            await self._hand_over(letter(message, self.told.smtp_from))
        except aiosmtplib.SMTPRecipientsRefused as refused:
            first = refused.recipients[0]
            return _by_code(first.code, "address_refused")
        except aiosmtplib.SMTPAuthenticationError:
            return Later(code="login_refused")
        except aiosmtplib.SMTPResponseException as answered:
            return _by_code(answered.code, f"answered_{answered.code}")
        except (aiosmtplib.SMTPException, OSError) as error:
            return Later(code=f"unreachable_{type(error).__name__}")
        return Sent(cut=len(message.body) > MOST_LETTERS)

    async def _hand_over(self, made: EmailMessage) -> None:
        told, secure = self.told, self.told.smtp_security
        await aiosmtplib.send(
            made,
            hostname=told.smtp_host,
            port=told.smtp_port,
            use_tls=secure == "tls",
            start_tls=secure == "starttls",
            tls_context=None if secure == "none" else tls(told.smtp_ca),
            username=told.smtp_user or None,
            password=told.smtp_password.get_secret_value() or None,
            local_hostname="qyran",
            timeout=PATIENT_S,
        )

    async def close(self) -> None:
        """Keep nothing open."""


def letter(message: Message, sender: str) -> EmailMessage:
    """Return the letter; what would break a header is a space in it."""
    made = EmailMessage(policy=WIRE)
    made["From"], made["To"] = sender, message.address
    made["Subject"] = " ".join("".join(c if c.isprintable() else " " for c in message.subject).split())[:200]
    made["Date"] = format_datetime(message.queued_at)
    made["Message-ID"] = f"<{message.key}@{sender.rpartition('@')[2]}>"  # again the same: a reader drops the second
    made["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notice answers it
    made["X-Priority"] = str(message.priority)
    made.set_content(message.body[:MOST_LETTERS])
    return made


def _by_code(code: int, word: str) -> Outcome:
    return Never(code=word) if 500 <= code < 600 else Later(code=word)
