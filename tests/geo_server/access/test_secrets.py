"""The box: what is sealed opens with its own key and for its own owner alone."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_server.access.secrets import Box, Unreadable


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Box:
    return Box.of(tmp_path_factory.mktemp("home"))


@given(secret=st.binary(max_size=64), owner=st.text(max_size=20), at=st.integers(0, 1000), bit=st.integers(0, 7))
def test_what_is_sealed_opens_unchanged_or_not_at_all(box: Box, secret: bytes, owner: str, at: int, bit: int) -> None:
    sealed = box.seal(secret, owner=owner)
    assert box.open(sealed, owner=owner) == secret
    bent = bytearray(sealed)
    bent[at % len(bent)] ^= 1 << bit
    for wrong, whose in ((bytes(bent), owner), (sealed, owner + "x"), (sealed[:11], owner)):
        with pytest.raises(Unreadable):
            box.open(wrong, owner=whose)


def test_the_same_secret_is_sealed_differently_each_time(box: Box) -> None:
    assert len({box.seal(b"secret", owner="a") for _ in range(50)}) == 50


def test_the_key_is_for_the_server_alone(box: Box) -> None:
    box.seal(b"", owner="")
    assert box.file.stat().st_mode & 0o777 == 0o600 and len(box.file.read_bytes()) == 32


def test_servers_that_start_at_once_find_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        sealed = list(pool.map(lambda n: Box.of(tmp_path).seal(bytes([n]), owner="a"), range(16)))
    assert [Box.of(tmp_path).open(one, owner="a") for one in sealed] == [bytes([n]) for n in range(16)]
    assert [file.name for file in (tmp_path / "keys").iterdir()] == ["secrets.key"]
