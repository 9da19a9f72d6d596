"""The key that seals: made at first use, its private half read by nobody else, its public half beside it."""

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from geo_server.audit.schema import Checkpoint
from layers.evidence import key_id
from layers.signing import private_key

_PEM = re.compile(rb"-----BEGIN PUBLIC KEY-----.+?-----END PUBLIC KEY-----\n?", re.DOTALL)


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
        return cls(private_key(home / "keys" / "audit.pem"))

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
