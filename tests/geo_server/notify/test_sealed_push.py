"""A push is sealed as RFC 8291 says, and opened by a receiver that was written from the RFC alone."""

import hashlib
import hmac
import json
import stat
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from geo_server.notify.sealed_push import ROOM_BYTES, Sender, base64url, seal, unbase64url

# RFC 8291, appendix A
TEXT = b"When I grow up, I want to be a watermelon"
OWN = unbase64url("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")
BROWSER = unbase64url("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94")
P256DH = unbase64url("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4")
AUTH = unbase64url("BTBZMqHH6r4Tts7J_aSIgg")
SALT = unbase64url("DGv6ra1nlYgDCS1FRnbzlw")
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl"
    "7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def private(octets: bytes) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(octets, "big"), ec.SECP256R1())


def expand(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    """HKDF in one block (RFC 5869), by hand."""
    key = hmac.new(salt, secret, hashlib.sha256).digest()
    return hmac.new(key, info + b"\x01", hashlib.sha256).digest()[:length]


def open_sealed(body: bytes, browser: bytes, auth: bytes, p256dh: bytes) -> bytes:
    """Read a push as a browser does: RFC 8188, section 2, and RFC 8291, section 3.4."""
    salt, size, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
    point, record = body[21 : 21 + length], body[21 + length :]
    assert len(record) <= size == 4096
    sender = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    shared = private(browser).exchange(ec.ECDH(), sender)
    keying = expand(shared, auth, b"WebPush: info\x00" + p256dh + point, 32)
    key = expand(keying, salt, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = expand(keying, salt, b"Content-Encoding: nonce\x00", 12)
    padded = AESGCM(key).decrypt(nonce, record, None).rstrip(b"\x00")
    assert padded[-1] == 2, "the last record ends in a 2"
    return padded[:-1]


def test_the_rfcs_own_example_comes_out_octet_by_octet() -> None:
    assert base64url(seal(TEXT, p256dh=P256DH, auth=AUTH, salt=SALT, own=private(OWN))) == BODY


def test_the_receiver_opens_the_rfcs_example_and_ours() -> None:
    assert open_sealed(unbase64url(BODY), BROWSER, AUTH, P256DH) == TEXT
    told = "Өрт, Абай 1".encode()
    assert open_sealed(seal(told, p256dh=P256DH, auth=AUTH), BROWSER, AUTH, P256DH) == told


def test_each_push_has_a_salt_and_a_key_of_its_own() -> None:
    one, other = (seal(TEXT, p256dh=P256DH, auth=AUTH) for _ in range(2))
    assert one[:16] != other[:16] and one[21:86] != other[21:86]


def test_another_browser_does_not_read_it() -> None:
    with pytest.raises(InvalidTag):
        open_sealed(seal(TEXT, p256dh=P256DH, auth=AUTH), BROWSER, b"another secret..", P256DH)


def test_what_a_push_has_room_for_fits_and_one_octet_more_is_refused() -> None:
    assert len(seal(b"x" * ROOM_BYTES, p256dh=P256DH, auth=AUTH)) <= 4096
    with pytest.raises(ValueError, match="at most"):
        seal(b"x" * (ROOM_BYTES + 1), p256dh=P256DH, auth=AUTH)


def test_a_key_that_is_no_point_is_refused() -> None:
    with pytest.raises(ValueError):
        seal(TEXT, p256dh=b"\x04" + b"\x01" * 64, auth=AUTH)


def test_the_senders_key_is_made_once_and_read_by_nobody_else(tmp_path: Path) -> None:
    first, second = (Sender.at(tmp_path, "duty@example.kz") for _ in range(2))
    assert first.public_key == second.public_key
    assert stat.S_IMODE((tmp_path / "keys" / "vapid.pem").stat().st_mode) == 0o600


def test_the_sender_is_known_by_a_token_for_that_service_alone(tmp_path: Path) -> None:
    sender = Sender.at(tmp_path, "duty@example.kz")
    header = sender.authorization("https://push.example.kz/send/abc?x=1", now=1_000_000)
    told = dict(part.split("=", 1) for part in header.removeprefix("vapid ").split(", "))
    head, claims, signature = told["t"].split(".")
    assert json.loads(unbase64url(head)) == {"typ": "JWT", "alg": "ES256"}
    assert json.loads(unbase64url(claims)) == {
        "aud": "https://push.example.kz",
        "exp": 1_000_000 + 12 * 3600,
        "sub": "mailto:duty@example.kz",
    }
    raw = unbase64url(signature)
    r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unbase64url(told["k"]))
    key.verify(encode_dss_signature(r, s), f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
