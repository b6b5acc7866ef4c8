"""Proof that the trace was not changed: a Merkle tree over its commitments, and its signed root.

The tree is RFC 9162 section 2.1, the checkpoint C2SP tlog-checkpoint, signed as C2SP signed-note.
Whoever kept a checkpoint can tell later whether a leaf before it was changed, dropped or added.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from joserfc.jwk import OKPKey

LEAF = b"\x00"
NODE = b"\x01"
ED25519 = b"\x01"
KEY_ID_LENGTH = 4
DASH = "\N{EM DASH} "
SIZE = re.compile("0|[1-9][0-9]*")


class NoteNotValid(Exception):
    """Not a checkpoint that the holder of the key signed."""


class KeyNotValid(Exception):
    """Not a C2SP verifier key for Ed25519."""


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
        grown, size = leaf_hash(commitment), self.size
        while size & 1:
            grown, size = node_hash(self.frontier.pop(), grown), size >> 1
        self.frontier.append(grown)
        self.size += 1

    def extend(self, commitments: Iterable[bytes]) -> None:
        """Add many leaves, in order."""
        for commitment in commitments:
            self.append(commitment)

    def root(self) -> bytes:
        """The hash that stands for every leaf and its place."""
        if not self.frontier:
            return hashlib.sha256().digest()
        root = self.frontier[-1]
        for left in reversed(self.frontier[:-1]):
            root = node_hash(left, root)
        return root


@dataclass(frozen=True)
class Checkpoint:
    """What was signed: whose tree, how many leaves, which root."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


@dataclass(frozen=True)
class Signer:
    """Signs checkpoints of one log. `origin` is a URL without scheme, spaces or plus signs."""

    origin: str
    key: OKPKey

    def sign(self, tree: Tree) -> str:
        """The tree's checkpoint as a signed note."""
        private = self.key.private_key
        assert isinstance(private, Ed25519PrivateKey), "HUB_CHECKPOINT_KEY is a private Ed25519 key"
        text = Checkpoint(self.origin, tree.size, tree.root()).text()
        signature = key_id(self.origin, self._public()) + private.sign(text.encode())
        return f"{text}\n{DASH}{self.origin} {base64.b64encode(signature).decode()}\n"

    def verifier_key(self) -> str:
        """What others verify with: `origin+key id+key`, as C2SP writes it."""
        public = self._public()
        encoded = base64.b64encode(ED25519 + public).decode()
        return f"{self.origin}+{key_id(self.origin, public).hex()}+{encoded}"

    def _public(self) -> bytes:
        public = self.key.public_key
        assert isinstance(public, Ed25519PublicKey), "HUB_CHECKPOINT_KEY is an Ed25519 key"
        return public.public_bytes_raw()


def key_id(name: str, public: bytes) -> bytes:
    """C2SP signed-note: four bytes that tell signatures by different keys apart."""
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + public).digest()[:KEY_ID_LENGTH]


def verify(note: str, verifier_key: str) -> Checkpoint:
    """The checkpoint in the note, once its signature by that key holds.

    Raises NoteNotValid or KeyNotValid.
    """
    text, blank, signatures = note.rpartition("\n\n")
    if not blank:
        raise NoteNotValid("there is no blank line between text and signatures")
    check_signature(text + "\n", signatures, verifier_key)
    return _read(text)


def check_signature(text: str, signatures: str, verifier_key: str) -> None:
    """Raise NoteNotValid unless one of the signature lines is by that key over the text."""
    name, public = _read_key(verifier_key)
    for line in signatures.splitlines():
        if not line.startswith(f"{DASH}{name} "):
            continue
        signature = _from_base64(line.rpartition(" ")[2])
        if signature[:KEY_ID_LENGTH] == key_id(name, public):
            try:
                Ed25519PublicKey.from_public_bytes(public).verify(signature[KEY_ID_LENGTH:], text.encode())
            except InvalidSignature as reason:
                raise NoteNotValid("the signature is wrong") from reason
            return
    raise NoteNotValid("no signature is by this key")


def _read(text: str) -> Checkpoint:
    origin, size, root = (*text.split("\n"), "", "")[:3]
    if not SIZE.fullmatch(size):
        raise NoteNotValid("the text is not that of a checkpoint")
    return Checkpoint(origin, int(size), _from_base64(root))


def _read_key(verifier_key: str) -> tuple[str, bytes]:
    name, _, rest = verifier_key.strip().partition("+")
    stated, _, encoded = rest.partition("+")
    try:
        key = base64.b64decode(encoded, validate=True)
    except binascii.Error as reason:
        raise KeyNotValid("the key is not base64") from reason
    if key[:1] != ED25519 or key_id(name, key[1:]).hex() != stated:
        raise KeyNotValid("the key and its id do not belong together")
    return name, key[1:]


def _from_base64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as reason:
        raise NoteNotValid("a line is not base64") from reason
