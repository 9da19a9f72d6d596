"""Sealing what the store must not read: AES-GCM by a key that stands beside it in a file of the server's own."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES, NONCE_BYTES = 32, 12


class Unreadable(Exception):
    """What was sealed was sealed by another key, for another owner, or was changed since."""


@dataclass(frozen=True, slots=True)
class Box:
    """Seals and opens by the key of a file, which is made at its first use, 0600."""

    file: Path

    @classmethod
    def of(cls, home: Path) -> "Box":
        """Return the box of a server's home."""
        return cls(home / "keys" / "secrets.key")

    def seal(self, secret: bytes, *, owner: str) -> bytes:
        """Return the secret sealed for its owner: nonce, then what AES-GCM made of it."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + AESGCM(self._key()).encrypt(nonce, secret, owner.encode())

    def open(self, sealed: bytes, *, owner: str) -> bytes:
        """Return the secret; raises Unreadable."""
        try:
            return AESGCM(self._key()).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], owner.encode())
        except (InvalidTag, ValueError) as error:
            raise Unreadable from error

    def _key(self) -> bytes:
        if not self.file.exists():
            self._make()
        return self.file.read_bytes()

    def _make(self) -> None:
        """Put a whole key in its place, or find that another process has just done so."""
        self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = self.file.with_name(f"{self.file.name}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(secrets.token_bytes(KEY_BYTES))
            out.flush()
            os.fsync(out.fileno())
        try:
            os.link(made, self.file)
        except FileExistsError:
            pass
        finally:
            made.unlink()
