"""The Merkle tree hash of RFC 6962, section 2.1: one value for a list of any length."""

import hashlib
from collections.abc import Iterable

EMPTY = hashlib.sha256().digest()


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of one entry."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash over two subtrees."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(leaves: Iterable[bytes]) -> bytes:
    """Return the root over leaf hashes in their order; memory grows with the logarithm of their number.

    The stack holds the roots of the full subtrees so far, the largest first: as the ones in the count's binary digits.
    """
    stack: list[bytes] = []
    for count, leaf in enumerate(leaves, 1):
        stack.append(leaf)
        while count % 2 == 0:
            right = stack.pop()
            stack[-1] = node_hash(stack[-1], right)
            count //= 2
    if not stack:
        return EMPTY
    root = stack.pop()
    while stack:
        root = node_hash(stack.pop(), root)
    return root
