"""What a push service carries and cannot read: RFC 8291 over RFC 8188 (aes128gcm), and who sends it: RFC 8292."""

import os
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from joserfc import jwt
from joserfc.jwk import ECKey

from geo_server.notify import keys

RECORD_BYTES = 4096  # one record; a push service takes no more (RFC 8030, 7.2)
ROOM_BYTES = RECORD_BYTES - 86 - 17  # for the text: less header, padding delimiter and tag
TOKEN_LASTS_S = 12 * 3600  # RFC 8292 allows a day
_POINT = (form.Encoding.X962, form.PublicFormat.UncompressedPoint)


def base64url(data: bytes) -> str:
    """Return base64url without padding (RFC 7515, 2)."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def unbase64url(text: str) -> bytes:
    """Read base64url, with or without padding; raises ValueError."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def seal(
    text: bytes,
    *,
    p256dh: bytes,
    auth: bytes,
    salt: bytes | None = None,
    own: ec.EllipticCurvePrivateKey | None = None,
) -> bytes:
    """Return the body that only the subscribed browser can read; salt and own key are new each time.

    Raises ValueError where `p256dh` is no point of P-256 or the text is longer than `ROOM_BYTES`.
    """
    if len(text) > ROOM_BYTES:
        raise ValueError(f"a push carries {ROOM_BYTES} bytes at most")
    salt = os.urandom(16) if salt is None else salt
    own = ec.generate_private_key(ec.SECP256R1()) if own is None else own
    own_point = own.public_key().public_bytes(*_POINT)
    shared = own.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), p256dh))
    keying = _hkdf(shared, salt=auth, info=b"WebPush: info\0" + p256dh + own_point, length=32)
    key = _hkdf(keying, salt=salt, info=b"Content-Encoding: aes128gcm\0", length=16)
    nonce = _hkdf(keying, salt=salt, info=b"Content-Encoding: nonce\0", length=12)
    header = salt + RECORD_BYTES.to_bytes(4, "big") + bytes([len(own_point)]) + own_point
    return header + AESGCM(key).encrypt(nonce, text + b"\x02", None)  # 2: this record is the last


def _hkdf(secret: bytes, *, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends, as push services know it: the key of this home (VAPID)."""

    key: ECKey
    point: bytes
    contact: str

    @classmethod
    def at(cls, home: Path, contact: str) -> "Sender":
        """Return the sender of a home: `keys/vapid.pem`, made at first use; raises OSError or ValueError."""
        pem = keys.kept(home / "keys" / "vapid.pem", _new_key)
        private = form.load_pem_private_key(pem, password=None)
        return cls(ECKey.import_key(pem), private.public_key().public_bytes(*_POINT), contact)

    @property
    def public_key(self) -> str:
        """Return what a browser's `applicationServerKey` is set to."""
        return base64url(self.point)

    def authorization(self, endpoint: str, now: float | None = None) -> str:
        """Return the Authorization header for a push service: good for half a day, and for that service alone."""
        parts = urlsplit(endpoint)
        claims = {
            "aud": f"{parts.scheme}://{parts.netloc}",
            "exp": int(time.time() if now is None else now) + TOKEN_LASTS_S,
            "sub": f"mailto:{self.contact}",
        }
        token = jwt.encode({"typ": "JWT", "alg": "ES256"}, claims, self.key, algorithms=["ES256"])
        return f"vapid t={token}, k={self.public_key}"


def _new_key() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())
