"""The root is the one of RFC 6962, for any number of entries."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_server.audit.merkle import EMPTY, leaf_hash, node_hash, root_of

# the reference vectors of Certificate Transparency (RFC 6962, 2.1)
ENTRIES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


@pytest.mark.parametrize("count", range(len(ROOTS)))
def test_the_roots_of_the_reference_are_met(count: int) -> None:
    entries = [bytes.fromhex(entry) for entry in ENTRIES[:count]]
    assert root_of(map(leaf_hash, entries)).hex() == ROOTS[count]


def as_written(entries: list[bytes]) -> bytes:
    """The RFC's own definition: split at the largest power of two below the number."""
    if not entries:
        return hashlib.sha256().digest()
    if len(entries) == 1:
        return leaf_hash(entries[0])
    split = 1 << ((len(entries) - 1).bit_length() - 1)
    return node_hash(as_written(entries[:split]), as_written(entries[split:]))


@given(st.lists(st.binary(max_size=8), max_size=70))
def test_the_root_is_the_one_the_definition_gives(entries: list[bytes]) -> None:
    assert root_of(map(leaf_hash, entries)) == as_written(entries)


@given(st.lists(st.binary(max_size=4), min_size=1, max_size=40), st.data())
def test_any_edit_deletion_or_addition_gives_another_root(entries: list[bytes], data: st.DataObject) -> None:
    where = data.draw(st.integers(0, len(entries) - 1))
    other = data.draw(st.binary(max_size=4).filter(lambda value: value != entries[where]))
    edited = [*entries[:where], other, *entries[where + 1 :]]
    added = [*entries[:where], other, *entries[where:]]
    gone = entries[:where] + entries[where + 1 :]
    roots = [root_of(map(leaf_hash, some)) for some in (entries, edited, gone, added)]
    assert roots[0] not in roots[1:]


def test_nothing_has_a_root_of_its_own() -> None:
    assert root_of([]) == EMPTY != root_of([leaf_hash(b"")])
