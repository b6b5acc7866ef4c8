"""The Merkle tree of RFC 9162, section 2.1: its hashes, and a tree that only grows."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

LEAF = b"\x00"
NODE = b"\x01"


class Place(NamedTuple):
    """Where a complete subtree is: its height, and how many of that height stand to its left."""

    level: int
    number: int


def commitment_to(salt: bytes, text: str) -> bytes:
    """What a leaf holds of a disclosure: proof for who has its text, nothing for who has not."""
    return hashlib.sha256(salt + text.encode()).digest()


def leaf_hash(commitment: bytes) -> bytes:
    """RFC 9162: the hash of one leaf."""
    return hashlib.sha256(LEAF + commitment).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """RFC 9162: the hash of two neighbours."""
    return hashlib.sha256(NODE + left + right).digest()


@dataclass
class Tree:
    """A tree that only grows, kept as the roots of its complete subtrees, the largest first."""

    size: int = 0
    frontier: list[bytes] = field(default_factory=list[bytes])

    def append(self, commitment: bytes) -> None:
        """Add one leaf. Any number of leaves costs time in proportion to their number."""
        self.append_hash(leaf_hash(commitment))

    def append_hash(self, grown: bytes) -> list[bytes]:
        """Add one leaf by its hash; the complete subtrees that it closes, from the leaf up."""
        closed, size = [grown], self.size
        while size & 1:
            grown, size = node_hash(self.frontier.pop(), grown), size >> 1
            closed.append(grown)
        self.frontier.append(grown)
        self.size += 1
        return closed

    def extend(self, commitments: Iterable[bytes]) -> None:
        """Add many leaves, in order."""
        for commitment in commitments:
            self.append(commitment)

    def grow(self, commitments: Iterable[bytes]) -> list[tuple[Place, bytes]]:
        """Add many leaves, in order; every subtree they complete, which never changes any more."""
        completed: list[tuple[Place, bytes]] = []
        for commitment in commitments:
            number = self.size
            closed = self.append_hash(leaf_hash(commitment))
            completed += [(Place(level, number >> level), each) for level, each in enumerate(closed)]
        return completed

    def root(self) -> bytes:
        """The hash that stands for every leaf and its place."""
        return folded(self.frontier) if self.frontier else hashlib.sha256().digest()


def folded(subtrees: list[bytes]) -> bytes:
    """The hash over neighbouring complete subtrees, the largest first. There is at least one."""
    *others, grown = subtrees
    for left in reversed(others):
        grown = node_hash(left, grown)
    return grown
