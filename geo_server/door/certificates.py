"""The certificate of the door for people: one of the house's own, made at first use, or one that is given and checked.

The own one is signed by itself: browsers ask before they trust it, and once more after each renewal.
"""

import os
import re
import socket
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from geo_server.door.trouble import Trouble

LASTS = timedelta(days=397)  # browsers refuse more than 398 (CA/Browser Forum, Baseline Requirements 6.3.2)
RENEWED_BEFORE = timedelta(days=30)
_SKEW = timedelta(minutes=5)  # a browser's clock may be behind ours
_LOCAL = ("localhost", "127.0.0.1", "::1")
_ANYWHERE = ("0.0.0.0", "::", "")
_HOST_NAME = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*")
_GIVE_BOTH = "Give both as PEM: --tls-cert FILE --tls-key FILE; or --tls alone for one of the house's own."


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A certificate, with those that lead to its issuer, and its key: files in PEM."""

    cert: Path
    key: Path


def own(home: Path, host: str) -> Pair:
    """Return the home's own pair; made, or made anew where it does not hold 30 days more or lacks a name."""
    pair = Pair(cert=home / "tls" / "cert.pem", key=home / "tls" / "key.pem")
    if not _still_good(pair, _names(host)):
        _make(pair, _names(host))
    return pair


def given(cert: Path, key: Path) -> Pair:
    """Return a pair that was checked; raises Trouble, one sentence, where it cannot serve."""
    leaf = _certificate(cert)
    now = datetime.now(UTC)
    if leaf.not_valid_after_utc <= now:
        raise Trouble(f"The certificate {cert} expired on {leaf.not_valid_after_utc:%Y-%m-%d}.", mend="Renew it.")
    if leaf.not_valid_before_utc > now:
        since = f"{leaf.not_valid_before_utc:%Y-%m-%d %H:%M} UTC"
        raise Trouble(f"The certificate {cert} holds only from {since}.", mend="Wait, or set this machine's clock.")
    if _public(_key(key)) != _public_of(leaf):
        raise Trouble(f"The key {key} is not that of the certificate {cert}.", mend=_GIVE_BOTH)
    _load(cert, key)
    return Pair(cert=cert, key=key)


def pair_told(cert: Path | None, key: Path | None) -> Pair | None:
    """Return the given pair, nothing where neither is given; raises Trouble where it cannot serve or one is missing."""
    if cert is None and key is None:
        return None
    if cert is None or key is None:
        raise Trouble("A certificate and its key belong together; only one of them was given.", mend=_GIVE_BOTH)
    return given(cert.expanduser().absolute(), key.expanduser().absolute())


# ── a given one ──


def _certificate(file: Path) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificates(_read(file))[0]
    except ValueError:
        raise Trouble(f"The file {file} is no certificate in PEM.", mend=_GIVE_BOTH) from None


def _key(file: Path) -> PrivateKeyTypes:
    try:
        return serialization.load_pem_private_key(_read(file), None)
    except TypeError:
        mend = "Take its passphrase away: openssl pkey -in FILE -out NEW; nobody is there to type it at a start."
        raise Trouble(f"The key {file} is locked with a passphrase.", mend=mend) from None
    except (ValueError, UnsupportedAlgorithm):
        raise Trouble(f"The file {file} is no private key in PEM.", mend=_GIVE_BOTH) from None


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise Trouble(f"The file {file} cannot be read: {error.strerror}.", mend=_GIVE_BOTH) from None


def _load(cert: Path, key: Path) -> None:
    """Let the TLS library itself say whether it would serve the pair: a key too short, a digest too weak."""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(cert, key)
    except ssl.SSLError as error:
        raise Trouble(f"TLS does not take the certificate {cert}: {error.reason}.", mend=_GIVE_BOTH) from None


def _public(key: PrivateKeyTypes) -> bytes:
    kind, shape = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(kind, shape)


def _public_of(cert: x509.Certificate) -> bytes:
    kind, shape = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    return cert.public_key().public_bytes(kind, shape)


# ── the own one ──


def _names(host: str) -> list[str]:
    """List what the door is called: this machine's names, and the address it listens on."""
    asked = [*_LOCAL, socket.gethostname().lower(), host.lower()]
    return [name for name in dict.fromkeys(asked) if name not in _ANYWHERE and (_is_address(name) or _is_name(name))]


def _is_name(name: str) -> bool:
    return len(name) <= 253 and bool(_HOST_NAME.fullmatch(name))


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _still_good(pair: Pair, names: list[str]) -> bool:
    try:
        given(pair.cert, pair.key)
        leaf = _certificate(pair.cert)
        told = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (Trouble, x509.ExtensionNotFound, ValueError):
        return False
    has = {*told.get_values_for_type(x509.DNSName), *map(str, told.get_values_for_type(x509.IPAddress))}
    return has >= set(names) and leaf.not_valid_after_utc - datetime.now(UTC) > RENEWED_BEFORE


def _make(pair: Pair, names: list[str]) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    lines = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    cert = _signed(key, names).public_bytes(serialization.Encoding.PEM)
    try:
        pair.key.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(pair.key, key.private_bytes(*lines), mode=0o600)
        _write(pair.cert, cert, mode=0o644)  # should we be cut off between the two, they do not fit and are made anew
    except OSError as error:
        raise Trouble(f"The certificate cannot be written to {pair.cert.parent}: {error.strerror}.") from None


def _signed(key: ec.EllipticCurvePrivateKey, names: list[str]) -> x509.Certificate:
    now, called = datetime.now(UTC), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Qyran")])
    alternatives = [x509.IPAddress(ip_address(n)) if _is_address(n) else x509.DNSName(n) for n in names]
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    made = x509.CertificateBuilder(called, called, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now - _SKEW).not_valid_after(now + LASTS - _SKEW)
    made = made.add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    made = made.add_extension(usage, critical=True)
    made = made.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    return made.sign(key, hashes.SHA256())


def _write(file: Path, content: bytes, *, mode: int) -> None:
    """Write the whole file or none of it; nobody else may read a key even while it is written."""
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    beside.unlink(missing_ok=True)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as written:
        written.write(content)
        written.flush()
        os.fsync(written.fileno())
    beside.replace(file)
