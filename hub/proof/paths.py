"""Short proofs over the tree (RFC 9162, sections 2.1.3 and 2.1.4): what they take, and whether they hold.

Which nodes a proof takes follows from the numbers alone, so that whoever keeps complete subtrees by their
place reads a handful of them, however large the tree.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from hub.proof.tree import Place, folded, node_hash

Part = tuple[Place, ...]
"""One hash of a proof: the complete subtrees it is folded from. Only at the right edge more than one."""


def inclusion(number: int, size: int) -> list[Part]:
    """What proves that leaf `number` is in the tree of `size` leaves. Raises ValueError where it is not."""
    if not 0 <= number < size:
        raise ValueError("there is no such leaf in that tree")
    start, end, parts = 0, size, list[Part]()
    while end - start > 1:
        split = start + _half(end - start)
        if number < split:
            parts.append(_subtrees(split, end))
            end = split
        else:
            parts.append(_subtrees(start, split))
            start = split
    return parts[::-1]


def consistency(first: int, second: int) -> list[Part]:
    """What proves that the tree of `second` leaves only added to that of `first`.

    Raises ValueError where `first` is the larger. An empty tree is part of every tree, without proof.
    """
    if not 0 <= first <= second:
        raise ValueError("a tree is never smaller than it was")
    start, end, parts = 0, second, list[Part]()
    while first not in (0, end):
        split = start + _half(end - start)
        if first <= split:
            parts.append(_subtrees(split, end))
            end = split
        else:
            parts.append(_subtrees(start, split))
            start = split
    if start:
        parts.append(_subtrees(start, end))
    return parts[::-1]


def places(parts: Iterable[Part]) -> list[Place]:
    """Every subtree that the proof needs."""
    return [place for part in parts for place in part]


def proof(parts: Iterable[Part], hashes: Mapping[Place, bytes]) -> list[bytes]:
    """The proof itself. Raises KeyError where a subtree is not there."""
    return [folded([hashes[place] for place in part]) for part in parts]


def includes(root: bytes, size: int, leaf: bytes, number: int, path: Sequence[bytes]) -> bool:
    """Whether the path proves that the leaf with this hash has that number (RFC 9162, 2.1.3.2)."""
    if not 0 <= number < size:
        return False
    here, last, grown = number, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if here & 1 or here == last:
            grown = node_hash(sibling, grown)
            here, last = _up_to_a_left(here, last)
        else:
            grown = node_hash(grown, sibling)
        here, last = here >> 1, last >> 1
    return last == 0 and grown == root


def extends(first: int, old: bytes, second: int, new: bytes, path: Sequence[bytes]) -> bool:
    """Whether the path proves that the second root only added to the first (RFC 9162, 2.1.4.2)."""
    if not 0 <= first <= second:
        return False
    if first in (0, second):
        return not path and (old == new if first else old == hashlib.sha256().digest())
    start, *rest = [old, *path] if first & (first - 1) == 0 else [*path] or [b""]
    here, last = first - 1, second - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    older = newer = start
    for sibling in rest:
        if last == 0:
            return False
        if here & 1 or here == last:
            older, newer = node_hash(sibling, older), node_hash(sibling, newer)
            here, last = _up_to_a_left(here, last)
        else:
            newer = node_hash(newer, sibling)
        here, last = here >> 1, last >> 1
    return last == 0 and older == old and newer == new


def _up_to_a_left(here: int, last: int) -> tuple[int, int]:
    """At the right edge a lone subtree rises unchanged until it has a neighbour."""
    while here and not here & 1:
        here, last = here >> 1, last >> 1
    return here, last


def _half(width: int) -> int:
    """The largest power of two smaller than `width`."""
    return 1 << (width - 1).bit_length() - 1


def _subtrees(start: int, end: int) -> Part:
    """The complete subtrees of these leaves, the largest first. `start` stands where one can begin."""
    found = list[Place]()
    while start < end:
        level = (end - start).bit_length() - 1
        found.append(Place(level, start >> level))
        start += 1 << level
    return tuple(found)
