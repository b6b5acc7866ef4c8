"""Proof that the trace was not changed: a Merkle tree over its commitments, and its signed root.

The tree is RFC 9162 section 2.1, the checkpoint C2SP tlog-checkpoint, signed as C2SP signed-note.
Whoever kept a checkpoint can tell later whether a leaf before it was changed, dropped or added.
"""

from hub.proof.checking import CheckpointNotConsistent, check
from hub.proof.notes import (
    COSIGNATURE,
    Checkpoint,
    KeyNotValid,
    NoteNotValid,
    Signer,
    Witness,
    check_signature,
    cosigned,
    read_key,
    verify,
)
from hub.proof.paths import consistency, extends, includes, inclusion, places, proof
from hub.proof.tree import Place, Tree, commitment_to, leaf_hash, node_hash

__all__ = [
    "COSIGNATURE",
    "Checkpoint",
    "CheckpointNotConsistent",
    "KeyNotValid",
    "NoteNotValid",
    "Place",
    "Signer",
    "Tree",
    "Witness",
    "check",
    "check_signature",
    "commitment_to",
    "consistency",
    "cosigned",
    "extends",
    "includes",
    "inclusion",
    "leaf_hash",
    "node_hash",
    "places",
    "proof",
    "read_key",
    "verify",
]
