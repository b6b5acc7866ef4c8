"""The tree against the published vectors and the recursive definition; the note against Go's."""

import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import OKPKey

from hub.proof import (
    Checkpoint,
    KeyNotValid,
    NoteNotValid,
    Signer,
    Tree,
    check_signature,
    commitment_to,
    leaf_hash,
    node_hash,
    verify,
)

# certificate-transparency's vectors for RFC 6962, whose tree RFC 9162 kept.
LEAVES = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]
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

# The example of golang.org/x/mod/sumdb/note.
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_TEXT = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
)
GO_SIGNATURE = (
    "\N{EM DASH} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqf"
    "qdngotpRZb6KE6RyyBwJnAM=\n"
)

SIGNER = Signer("hub.example/audit", OKPKey.generate_key("Ed25519"))


def recursive_root(leaves: list[bytes]) -> bytes:
    """RFC 9162 section 2.1.1, word for word."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return leaf_hash(leaves[0])
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return node_hash(recursive_root(leaves[:split]), recursive_root(leaves[split:]))


@pytest.mark.parametrize("size", range(9))
def test_gives_the_published_root(size: int) -> None:
    tree = Tree()
    tree.extend(bytes.fromhex(leaf) for leaf in LEAVES[:size])
    assert tree.root().hex() == ROOTS[size]


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=70), st.integers(0, 70))
def test_grows_to_the_root_of_the_definition_wherever_it_paused(leaves: list[bytes], pause: int) -> None:
    first = Tree()
    first.extend(leaves[:pause])
    resumed = Tree(first.size, list(first.frontier))
    resumed.extend(leaves[pause:])
    assert (resumed.size, resumed.root()) == (len(leaves), recursive_root(leaves))
    assert len(resumed.frontier) == resumed.size.bit_count()


def test_commits_to_salt_and_text() -> None:
    assert commitment_to(b"salt", "text") == hashlib.sha256(b"salttext").digest()


def test_verifies_the_note_that_go_signs() -> None:
    check_signature(GO_TEXT, GO_SIGNATURE, GO_KEY)


def test_refuses_the_note_that_go_signs_with_another_text() -> None:
    with pytest.raises(NoteNotValid):
        check_signature(GO_TEXT.replace("don't", "do"), GO_SIGNATURE, GO_KEY)


def test_derives_the_key_id_that_go_derives() -> None:
    public = base64.b64decode(GO_KEY.split("+", 2)[2])[1:]
    x = base64.urlsafe_b64encode(public).decode().rstrip("=")
    go = Signer("PeterNeumann", OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": x}))
    assert go.verifier_key() == GO_KEY


def test_writes_a_checkpoint_as_c2sp_says() -> None:
    note = SIGNER.sign(Tree())
    empty_root = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
    assert note.startswith(f"hub.example/audit\n0\n{empty_root}\n\n\N{EM DASH} hub.example/audit ")
    assert note.endswith("\n")


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=9))
def test_reads_back_what_it_signed(leaves: list[bytes]) -> None:
    tree = Tree()
    tree.extend(leaves)
    signed = verify(SIGNER.sign(tree), SIGNER.verifier_key())
    assert signed == Checkpoint(SIGNER.origin, len(leaves), tree.root())


def test_still_verifies_when_a_witness_has_signed_too() -> None:
    witness = Signer("witness.example", OKPKey.generate_key("Ed25519"))
    note = SIGNER.sign(Tree()) + witness.sign(Tree()).rpartition("\n\n")[2]
    assert verify(note, SIGNER.verifier_key()).size == 0


EMPTY = SIGNER.sign(Tree())


@pytest.mark.parametrize(
    "note",
    [
        EMPTY.replace("\n0\n", "\n1\n"),
        EMPTY.replace("hub.example/audit\n", "other.example/audit\n", 1),
        EMPTY.replace("\n\n", "\n"),
        EMPTY.rpartition("\n\n")[0] + "\n\n",
        EMPTY[:-3] + "?\n",
        "",
    ],
)
def test_refuses_a_note_that_was_changed(note: str) -> None:
    with pytest.raises(NoteNotValid):
        verify(note, SIGNER.verifier_key())


def test_refuses_another_key_under_the_same_name() -> None:
    impostor = Signer(SIGNER.origin, OKPKey.generate_key("Ed25519"))
    with pytest.raises(NoteNotValid):
        verify(impostor.sign(Tree()), SIGNER.verifier_key())


@pytest.mark.parametrize("key", ["", "hub.example/audit", "a+00000000+AAAA", "a+b+c", GO_KEY[1:]])
def test_refuses_what_is_not_a_key(key: str) -> None:
    with pytest.raises(KeyNotValid):
        verify(SIGNER.sign(Tree()), key)
