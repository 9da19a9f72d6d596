"""Keys that sign: made at first use, the private half read by nobody else, the public half beside it."""

import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


def private_key(file: Path) -> Ed25519PrivateKey:
    """Return the key of a file NAME.pem, made where it is missing.

    Its public half is added to NAME.pub; a key that was lost keeps its public half there, so that what it signed can
    still be verified. Raises OSError, or ValueError where the file holds no Ed25519 key.
    """
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not file.exists():
        _make(file)
    key = form.load_pem_private_key(file.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"{file.parent.name}/{file.name} holds no Ed25519 key")
    _publish(key.public_key(), file.with_suffix(".pub"))
    return key


def public_pem(key: Ed25519PublicKey) -> bytes:
    """Return a public key in PEM."""
    return key.public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo)


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
    pem = public_pem(key)
    if not file.exists() or pem.strip() not in file.read_bytes():
        with file.open("ab") as out:
            out.write(pem)
