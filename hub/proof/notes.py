"""The signed root: C2SP tlog-checkpoint, signed as C2SP signed-note by the log, cosigned by its witnesses.

A cosignature (C2SP tlog-cosignature, version 1) says that the witness checked, at a time, that this tree
only added to the one it saw before.
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from joserfc.jwk import OKPKey

from hub.proof.tree import Tree

ED25519 = b"\x01"
COSIGNATURE = b"\x04"
KEY_ID_LENGTH = 4
MOMENT_LENGTH = 8
DASH = "\N{EM DASH} "
SIZE = re.compile("0|[1-9][0-9]*")
NAME = re.compile(r"[\x21-\x2a\x2c-\x7e]+")


class NoteNotValid(Exception):
    """Not a checkpoint that the holder of the key signed."""


class KeyNotValid(Exception):
    """Not a C2SP verifier key for Ed25519."""


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
        text = Checkpoint(self.origin, tree.size, tree.root()).text()
        signature = key_id(self.origin, _public(self.key)) + _private(self.key).sign(text.encode())
        return f"{text}\n{_line(self.origin, signature)}"

    def verifier_key(self) -> str:
        """What others verify with: `origin+key id+key`, as C2SP writes it."""
        return _verifier_key(self.origin, ED25519, _public(self.key))


@dataclass(frozen=True)
class Witness:
    """Cosigns checkpoints of somebody else's log. `name` has no spaces and no plus signs."""

    name: str
    key: OKPKey

    def cosign(self, note: str, moment: int) -> str:
        """The note with this witness's signature below the others. Check it first: hub.proof.check."""
        signed = _cosigned_text(moment, _text_of(note))
        signature = _private(self.key).sign(signed)
        stated = key_id(self.name, _public(self.key), COSIGNATURE) + moment.to_bytes(MOMENT_LENGTH, "big")
        return note + _line(self.name, stated + signature)

    def verifier_key(self) -> str:
        """What others verify its cosignatures with."""
        return _verifier_key(self.name, COSIGNATURE, _public(self.key))


def key_id(name: str, public: bytes, kind: bytes = ED25519) -> bytes:
    """C2SP signed-note: four bytes that tell signatures by different keys apart."""
    return hashlib.sha256(name.encode() + b"\n" + kind + public).digest()[:KEY_ID_LENGTH]


def verify(note: str, verifier_key: str) -> Checkpoint:
    """The checkpoint in the note, once its signature by that key holds.

    Raises NoteNotValid or KeyNotValid.
    """
    text = _text_of(note)
    check_signature(text, note.rpartition("\n\n")[2], verifier_key)
    return _read(text)


def check_signature(text: str, signatures: str, verifier_key: str) -> None:
    """Raise NoteNotValid unless one of the signature lines is by that key over the text."""
    name, public = read_key(verifier_key)
    _, signature = _signature_by(name, public, ED25519, signatures)
    _check(public, signature, text.encode())


def cosigned(note: str, verifier_key: str) -> tuple[str, int]:
    """The line with which the witness cosigned this note, and when (seconds since 1970).

    Raises NoteNotValid or KeyNotValid. Says nothing about the log's own signature.
    """
    name, public = read_key(verifier_key, COSIGNATURE)
    line, stated = _signature_by(name, public, COSIGNATURE, note.rpartition("\n\n")[2])
    moment, signature = int.from_bytes(stated[:MOMENT_LENGTH], "big"), stated[MOMENT_LENGTH:]
    _check(public, signature, _cosigned_text(moment, _text_of(note)))
    return line, moment


def read_key(verifier_key: str, kind: bytes = ED25519) -> tuple[str, bytes]:
    """The name and the public key in a verifier key of this kind. Raises KeyNotValid."""
    name, _, rest = verifier_key.strip().partition("+")
    stated, _, encoded = rest.partition("+")
    try:
        key = base64.b64decode(encoded, validate=True)
    except ValueError as reason:
        raise KeyNotValid("the key is not base64") from reason
    public = key[1:]
    if key[:1] != kind or key_id(name, public, kind).hex() != stated or not NAME.fullmatch(name):
        raise KeyNotValid("the key and its id do not belong together")
    if len(public) != 32:
        raise KeyNotValid("the key is not one of Ed25519")
    return name, public


def _text_of(note: str) -> str:
    text, blank, _ = note.rpartition("\n\n")
    if not blank:
        raise NoteNotValid("there is no blank line between text and signatures")
    return text + "\n"


def _cosigned_text(moment: int, text: str) -> bytes:
    return f"cosignature/v1\ntime {moment}\n{text}".encode()


def _line(name: str, signature: bytes) -> str:
    return f"{DASH}{name} {base64.b64encode(signature).decode()}\n"


def _signature_by(name: str, public: bytes, kind: bytes, signatures: str) -> tuple[str, bytes]:
    for line in signatures.split("\n"):
        if line.startswith(f"{DASH}{name} "):
            signature = _from_base64(line.removeprefix(f"{DASH}{name} "))
            if signature[:KEY_ID_LENGTH] == key_id(name, public, kind):
                return line + "\n", signature[KEY_ID_LENGTH:]
    raise NoteNotValid(f"no signature is by this key of {name}")


def _check(public: bytes, signature: bytes, signed: bytes) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, signed)
    except InvalidSignature as reason:
        raise NoteNotValid("the signature is wrong") from reason


def _verifier_key(name: str, kind: bytes, public: bytes) -> str:
    encoded = base64.b64encode(kind + public).decode()
    return f"{name}+{key_id(name, public, kind).hex()}+{encoded}"


def _private(key: OKPKey) -> Ed25519PrivateKey:
    private = key.private_key
    assert isinstance(private, Ed25519PrivateKey), "the signing key is a private Ed25519 key"
    return private


def _public(key: OKPKey) -> bytes:
    public = key.public_key
    assert isinstance(public, Ed25519PublicKey), "the signing key is an Ed25519 key"
    return public.public_bytes_raw()


def _read(text: str) -> Checkpoint:
    origin, size, root = (*text.split("\n"), "", "")[:3]
    if not SIZE.fullmatch(size):
        raise NoteNotValid("the text is not that of a checkpoint")
    return Checkpoint(origin, int(size), _from_base64(root))


def _from_base64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as reason:
        raise NoteNotValid("a line is not base64") from reason
