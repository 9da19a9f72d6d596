"""What an address may look like, by the channel that is to use it; each raises ValueError with a sentence."""

import re
from urllib.parse import urlsplit

_EMAIL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
_PHONE = re.compile(r"\+[1-9][0-9]{7,14}")  # ITU-T E.164
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.:-]{0,251}[A-Za-z0-9])?")
_TOPIC = re.compile(r"[^#+\x00-\x1f\x7f]{1,200}")


def email(text: str) -> str:
    """Return an e-mail address that no header can be slipped in by."""
    if not _EMAIL.fullmatch(text) or ".." in text:
        raise ValueError("is not an e-mail address")
    return text


def phone(text: str) -> str:
    """Return a number as E.164 writes it: `+77011234567`; 8 before ten digits is Kazakhstan's own prefix."""
    digits = re.sub(r"[\s()-]", "", text)
    if re.fullmatch(r"8[0-9]{10}", digits):
        digits = f"+7{digits[1:]}"
    if not _PHONE.fullmatch(digits):
        raise ValueError("is not a telephone number with its country's code")
    return digits


def host(text: str) -> str:
    """Return the name or address of a host."""
    if not _HOST.fullmatch(text):
        raise ValueError("is not the name of a host")
    return text


def url(text: str) -> str:
    """Return an http or https address without a password in it."""
    try:
        parts = urlsplit(text)
        good = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 and "@" not in parts.netloc
    except ValueError:
        good = False
    if not good or not text.isascii() or len(text) > 2000 or re.search(r"[\s\x00-\x1f\x7f]", text):
        raise ValueError("is not an address by http or https")
    return text


def topic(text: str) -> str:
    """Return the name of an MQTT topic: no wildcard, no `$` before it (MQTT 3.1.1, 4.7)."""
    if not _TOPIC.fullmatch(text) or text.startswith(("$", "/")):
        raise ValueError("is not the name of a topic")
    return text
