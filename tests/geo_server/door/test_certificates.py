"""The home's own certificate is made once and in time again; a given one that cannot serve is told in one sentence."""

import http.server
import ssl
import stat
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from geo_server.door import certificates
from geo_server.door.certificates import Pair, given, own, pair_told
from geo_server.door.processes import ask
from geo_server.door.trouble import Trouble
from layers.hosts import trusting

DAY = timedelta(days=1)


def leaf(pair: Pair) -> x509.Certificate:
    return x509.load_pem_x509_certificate(pair.cert.read_bytes())


def made(folder: Path, monkeypatch: pytest.MonkeyPatch, lasts: timedelta) -> Pair:
    monkeypatch.setattr(certificates, "LASTS", lasts)
    pair = own(folder, "127.0.0.1")
    monkeypatch.undo()
    return pair


def test_the_own_certificate_names_this_machine_and_lasts_as_long_as_browsers_take(tmp_path: Path) -> None:
    cert = leaf(own(tmp_path, "10.1.2.3"))
    told = cert.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert "localhost" in told.get_values_for_type(x509.DNSName)
    assert {*map(ip_address, ("127.0.0.1", "::1", "10.1.2.3"))} <= {*told.get_values_for_type(x509.IPAddress)}
    key = cert.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name == "secp256r1"
    assert cert.not_valid_after_utc - cert.not_valid_before_utc == 397 * DAY


def test_nobody_but_the_owner_reads_the_key(tmp_path: Path) -> None:
    pair = own(tmp_path, "127.0.0.1")
    assert stat.S_IMODE(pair.key.stat().st_mode) == 0o600
    assert [file.name for file in pair.key.parent.iterdir() if file.name.startswith(".")] == []


@pytest.mark.parametrize(("days", "kept"), [(31, True), (29, False)])
def test_the_own_certificate_stays_until_it_holds_less_than_thirty_days(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, days: int, kept: bool
) -> None:
    before = leaf(made(tmp_path, monkeypatch, days * DAY))
    assert (leaf(own(tmp_path, "127.0.0.1")) == before) is kept


def test_the_own_certificate_is_made_anew_for_another_name_and_after_a_cut(tmp_path: Path) -> None:
    first = own(tmp_path, "127.0.0.1")
    before = leaf(first)
    assert leaf(own(tmp_path, "10.1.2.3")) != before
    first.key.write_bytes(own(tmp_path / "other", "127.0.0.1").key.read_bytes())  # a pair that does not fit
    pair = own(tmp_path, "127.0.0.1")
    assert given(pair.cert, pair.key) == pair


def _other_key(pair: Pair, folder: Path) -> Pair:
    return Pair(cert=pair.cert, key=own(folder / "other", "127.0.0.1").key)


def _locked_key(pair: Pair, folder: Path) -> Pair:
    key = serialization.load_pem_private_key(pair.key.read_bytes(), None)
    locked = serialization.BestAvailableEncryption(b"word")
    shape = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, locked)
    (folder / "locked.pem").write_bytes(key.private_bytes(*shape))
    return Pair(cert=pair.cert, key=folder / "locked.pem")


def _dated(since: timedelta, until: timedelta) -> Callable[[Pair, Path], Pair]:
    def dated(pair: Pair, folder: Path) -> Pair:
        key = ec.generate_private_key(ec.SECP256R1())
        name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "x")]), datetime.now(UTC)
        built = x509.CertificateBuilder(name, name, key.public_key(), 1, now + since, now + until)
        cert = built.sign(key, hashes.SHA256())
        (folder / "c.pem").write_bytes(cert.public_bytes(serialization.Encoding.PEM))
        shape = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        (folder / "k.pem").write_bytes(key.private_bytes(*shape))
        return Pair(cert=folder / "c.pem", key=folder / "k.pem")

    return dated


@pytest.mark.parametrize(
    ("spoiled", "sentence"),
    [
        (_other_key, r"The key \S+ is not that of the certificate"),
        (_locked_key, "is locked with a passphrase"),
        (_dated(-2 * DAY, -DAY), "expired on"),
        (_dated(DAY, 2 * DAY), "holds only from"),
        (lambda pair, folder: Pair(cert=folder / "none.pem", key=pair.key), "cannot be read: No such file"),
        (lambda pair, folder: Pair(cert=pair.cert, key=folder), "cannot be read: Is a directory"),
        (lambda pair, _: Pair(cert=pair.key, key=pair.key), "is no certificate in PEM"),
        (lambda pair, _: Pair(cert=pair.cert, key=pair.cert), "is no private key in PEM"),
    ],
)
def test_a_given_pair_that_cannot_serve_is_refused_in_one_sentence(
    tmp_path: Path, spoiled: Callable[[Pair, Path], Pair], sentence: str
) -> None:
    pair = spoiled(own(tmp_path, "127.0.0.1"), tmp_path)
    with pytest.raises(Trouble, match=sentence) as trouble:
        given(pair.cert, pair.key)
    assert "\n" not in str(trouble.value) and trouble.value.mend


def test_a_certificate_without_its_key_is_refused(tmp_path: Path) -> None:
    assert pair_told(None, None) is None
    for told in ((tmp_path, None), (None, tmp_path)):
        with pytest.raises(Trouble, match="belong together"):
            pair_told(*told)


@contextmanager
def _served(pair: Pair) -> Iterator[str]:
    """Serve a folder's listing by https with that pair."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair.cert, pair.key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"https://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()


def test_only_this_very_certificate_is_taken_for_the_doors_own(tmp_path: Path) -> None:
    right, wrong = own(tmp_path / "right", "127.0.0.1"), own(tmp_path / "wrong", "127.0.0.1")
    with _served(right) as address:
        with ask(address, right.cert) as answer:
            assert answer.status == 200
        with pytest.raises(OSError, match="CERTIFICATE_VERIFY_FAILED"):
            ask(address, wrong.cert)
        strict = ssl.create_default_context(cafile=str(right.cert))  # as a browser that was told to trust it
        with urllib.request.urlopen(address, context=strict, timeout=5) as answer:
            assert answer.status == 200


def test_a_certificate_of_an_issuer_is_trusted_without_the_issuer_and_by_any_address(tmp_path: Path) -> None:
    pair = _issued(tmp_path)
    assert trusting(pair.cert).check_hostname is False
    with _served(given(pair.cert, pair.key)) as address, ask(address, pair.cert) as answer:
        assert answer.status == 200


def _issued(folder: Path) -> Pair:
    """Make a certificate of `qyran.example` that another key has signed, whose certificate is nowhere."""
    issuer, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    by, to = (x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]) for name in ("Issuer", "qyran.example"))
    now = datetime.now(UTC)
    built = x509.CertificateBuilder(by, to, key.public_key(), 2, now - DAY, now + DAY)
    built = built.add_extension(x509.SubjectAlternativeName([x509.DNSName("qyran.example")]), critical=False)
    cert = built.sign(issuer, hashes.SHA256())
    (folder / "c.pem").write_bytes(cert.public_bytes(serialization.Encoding.PEM))
    shape = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "k.pem").write_bytes(key.private_bytes(*shape))
    return Pair(cert=folder / "c.pem", key=folder / "k.pem")
