"""Inclusion and consistency proofs against the published vectors, the definition, and every other answer."""

import hashlib
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.proof import (
    Place,
    Tree,
    consistency,
    extends,
    includes,
    inclusion,
    leaf_hash,
    places,
    proof,
)
from tests.hub.test_proof import LEAVES, ROOTS

MOST = 200
COMMITMENTS = [number.to_bytes(32, "big") for number in range(MOST)]
HASHES: dict[Place, bytes] = dict(Tree().grow(COMMITMENTS))


def _roots() -> list[bytes]:
    tree, roots = Tree(), [Tree().root()]
    for commitment in COMMITMENTS:
        tree.append(commitment)
        roots.append(tree.root())
    return roots


ROOT = _roots()
PUBLISHED: dict[Place, bytes] = dict(Tree().grow(map(bytes.fromhex, LEAVES)))

# certificate-transparency's vectors for RFC 6962, whose proofs RFC 9162 kept: leaf (from 0), size, path.
INCLUSIONS: list[tuple[int, int, list[str]]] = [
    (0, 1, []),
    (
        0,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        5,
        8,
        [
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (
        1,
        5,
        [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]
CONSISTENCIES: list[tuple[int, int, list[str]]] = [
    (1, 1, []),
    (
        1,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        6,
        8,
        [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (
        2,
        5,
        [
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]


@pytest.mark.parametrize(("number", "size", "path"), INCLUSIONS)
def test_proves_inclusion_as_published(number: int, size: int, path: list[str]) -> None:
    assert [each.hex() for each in proof(inclusion(number, size), PUBLISHED)] == path
    leaf = leaf_hash(bytes.fromhex(LEAVES[number]))
    assert includes(bytes.fromhex(ROOTS[size]), size, leaf, number, list(map(bytes.fromhex, path)))


@pytest.mark.parametrize(("first", "second", "path"), CONSISTENCIES)
def test_proves_consistency_as_published(first: int, second: int, path: list[str]) -> None:
    assert [each.hex() for each in proof(consistency(first, second), PUBLISHED)] == path
    old, new = bytes.fromhex(ROOTS[first]), bytes.fromhex(ROOTS[second])
    assert extends(first, old, second, new, list(map(bytes.fromhex, path)))


def test_proves_every_leaf_in_every_tree() -> None:
    for size in range(1, MOST + 1):
        for number in range(size):
            path = proof(inclusion(number, size), HASHES)
            assert includes(ROOT[size], size, leaf_hash(COMMITMENTS[number]), number, path)


def test_proves_every_tree_in_every_larger_one() -> None:
    for second in range(MOST + 1):
        for first in range(second + 1):
            path = proof(consistency(first, second), HASHES)
            assert extends(first, ROOT[first], second, ROOT[second], path)


SIZES = st.integers(1, MOST)


@given(st.data(), SIZES)
@settings(max_examples=300)
def test_believes_no_other_inclusion(data: st.DataObject, size: int) -> None:
    number = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(0, size + 1).filter(lambda each: each != number))
    path, leaf = proof(inclusion(number, size), HASHES), leaf_hash(COMMITMENTS[number])
    assert not includes(ROOT[size], size, leaf, other, path)
    assert not includes(ROOT[size], size, leaf_hash(b"forged"), number, path)
    assert not includes(ROOT[size - 1], size, leaf, number, path)
    for wrong in _spoiled(data, path):
        assert not includes(ROOT[size], size, leaf, number, wrong)


@given(st.data(), SIZES)
@settings(max_examples=300)
def test_believes_no_other_consistency(data: st.DataObject, second: int) -> None:
    first = data.draw(st.integers(1, second))
    path = proof(consistency(first, second), HASHES)
    forged = hashlib.sha256(b"forged").digest()
    assert not extends(first, forged, second, ROOT[second], path)
    assert not extends(first, ROOT[first], second, forged, path)
    if first < second:
        assert not extends(second, ROOT[second], first, ROOT[first], path)
    for wrong in _spoiled(data, path):
        assert not extends(first, ROOT[first], second, ROOT[second], wrong)


def _spoiled(data: st.DataObject, path: list[bytes]) -> list[list[bytes]]:
    """The path with something more, something less, something changed, and two hashes exchanged."""
    spoiled = [[*path, hashlib.sha256(b"more").digest()]]
    if path:
        at = data.draw(st.integers(0, len(path) - 1))
        spoiled += [path[:at] + path[at + 1 :], [*path[:at], bytes(32), *path[at + 1 :]]]
    spoiled += [
        [*path[:at], after, before, *path[at + 2 :]] for at, (before, after) in enumerate(pairwise(path))
    ]
    return spoiled


@given(st.data(), SIZES)
def test_reads_no_more_nodes_than_a_few(data: st.DataObject, size: int) -> None:
    number = data.draw(st.integers(0, size - 1))
    for parts in (inclusion(number, size), consistency(number, size)):
        assert len(parts) <= size.bit_length() + 1
        assert len(places(parts)) <= 2 * size.bit_length()


@pytest.mark.parametrize(("number", "size"), [(0, 0), (3, 3), (-1, 3)])
def test_knows_no_proof_of_a_leaf_that_is_not_there(number: int, size: int) -> None:
    with pytest.raises(ValueError, match="no such leaf"):
        inclusion(number, size)
    assert not includes(ROOT[0], size, b"", number, [])


@pytest.mark.parametrize(("first", "second"), [(4, 3), (-1, 3)])
def test_knows_no_proof_that_a_tree_shrank(first: int, second: int) -> None:
    with pytest.raises(ValueError, match="never smaller"):
        consistency(first, second)
    assert not extends(first, ROOT[4], second, ROOT[3], [])


def test_grows_into_the_same_tree() -> None:
    tree = Tree()
    tree.grow(COMMITMENTS)
    assert tree.root() == ROOT[MOST]
    assert HASHES[Place(7, 0)] == ROOT[128]
