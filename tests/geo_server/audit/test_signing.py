"""The key that seals is made once, is nobody else's to read, and what a lost one signed stays verifiable."""

import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric import rsa

from geo_server.audit.schema import Checkpoint
from geo_server.audit.signing import Keys, Signer

ONE = Checkpoint(
    seq=1, at=datetime(2026, 1, 1, tzinfo=UTC), epoch=1, from_xid=0, to_xid=9, leaves=0, root=b"r", before=b"b"
)


def test_the_key_is_made_at_first_use_and_read_by_nobody_else(tmp_path: Path) -> None:
    first, again = Signer.at(tmp_path), Signer.at(tmp_path)
    assert first.sign(ONE) == again.sign(ONE)
    assert stat.S_IMODE((tmp_path / "keys/audit.pem").stat().st_mode) == 0o600
    assert [file.name for file in (tmp_path / "keys").iterdir()] in (
        ["audit.pem", "audit.pub"],
        ["audit.pub", "audit.pem"],
    )


def test_two_that_start_at_once_have_the_same_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as at_once:
        signed = {signer.sign(ONE).signature for signer in at_once.map(Signer.at, [tmp_path] * 8)}
    assert len(signed) == 1


def test_a_signature_holds_for_this_text_alone(tmp_path: Path) -> None:
    signed = Signer.at(tmp_path).sign(ONE)
    keys = Keys.of(tmp_path / "keys/audit.pub")
    assert keys.signed(signed)
    assert not keys.signed(replace(signed, leaves=1))
    assert not keys.signed(replace(signed, key_id="foreign"))


def test_what_a_lost_key_signed_is_still_verified(tmp_path: Path) -> None:
    old = Signer.at(tmp_path).sign(ONE)
    (tmp_path / "keys/audit.pem").unlink()
    new = Signer.at(tmp_path).sign(ONE)
    keys = Keys.of(tmp_path / "keys/audit.pub")
    assert old.key_id != new.key_id and keys.signed(old) and keys.signed(new)


def test_a_key_of_another_kind_is_not_taken(tmp_path: Path) -> None:
    key = rsa.generate_private_key(65537, 2048)
    (tmp_path / "keys").mkdir()
    pem = key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())
    (tmp_path / "keys/audit.pem").write_bytes(pem)
    with pytest.raises(ValueError, match="no Ed25519 key"):
        Signer.at(tmp_path)
