"""The key that seals: made at first use, its private half read by nobody else, its public half beside it."""

import hashlib
import os
import re
import secrets
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from geo_server.audit.schema import Checkpoint

_PEM = re.compile(rb"-----BEGIN PUBLIC KEY-----.+?-----END PUBLIC KEY-----\n?", re.DOTALL)


def key_id(key: Ed25519PublicKey) -> str:
    """Return the short name of a key: the first 16 hex digits of the SHA-256 of its 32 bytes."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs checkpoints with one private key."""

    key: Ed25519PrivateKey

    @classmethod
    def at(cls, home: Path) -> Self:
        """Return the signer of a home: `keys/audit.pem`, made where it is missing.

        Its public half is added to `keys/audit.pub`; a key that was lost keeps its public half there, so that what it
        sealed can still be verified. Raises OSError, or ValueError where the file holds no Ed25519 key.
        """
        private = home / "keys" / "audit.pem"
        private.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not private.exists():
            _make(private)
        key = form.load_pem_private_key(private.read_bytes(), password=None)
        if not isinstance(key, Ed25519PrivateKey):
            raise ValueError("keys/audit.pem holds no Ed25519 key")
        _publish(key.public_key(), private.with_name("audit.pub"))
        return cls(key)

    def sign(self, checkpoint: Checkpoint) -> Checkpoint:
        """Return the checkpoint with its signature and the name of the key."""
        signature = self.key.sign(checkpoint.text)
        return replace(checkpoint, signature=signature, key_id=key_id(self.key.public_key()))


@dataclass(frozen=True, slots=True)
class Keys:
    """The public keys that are believed, by their names."""

    known: dict[str, Ed25519PublicKey]

    @classmethod
    def of(cls, file: Path) -> Self:
        """Read a file of public keys in PEM, one after the other; raises OSError or ValueError."""
        found = [form.load_pem_public_key(block) for block in _PEM.findall(file.read_bytes())]
        return cls({key_id(key): key for key in found if isinstance(key, Ed25519PublicKey)})

    def signed(self, checkpoint: Checkpoint) -> bool:
        """Say whether one of these keys signed the checkpoint as it stands."""
        key = self.known.get(checkpoint.key_id)
        if key is None:
            return False
        try:
            key.verify(checkpoint.signature, checkpoint.text)
        except InvalidSignature:
            return False
        return True


def _make(file: Path) -> None:
    """Write a new key under another name and link it: of two processes that start at once one wins, whole."""
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())
    draft = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(pem)
        out.flush()
        os.fsync(out.fileno())
    try:
        file.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _publish(key: Ed25519PublicKey, file: Path) -> None:
    pem = key.public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo)
    if not file.exists() or pem.strip() not in file.read_bytes():
        with file.open("ab") as out:
            out.write(pem)
