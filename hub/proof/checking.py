"""What a witness checks before it cosigns, and the hub again before it keeps a cosignature."""

from collections.abc import Sequence

from hub.problem import Problem
from hub.proof.notes import Checkpoint
from hub.proof.paths import extends


class CheckpointNotConsistent(Problem):
    """This tree did not grow out of the one that was seen before.

    It was rolled back, or leaves that were signed are not in it any more.
    """

    status = 409


def check(seen: Checkpoint, now: Checkpoint, path: Sequence[bytes]) -> None:
    """Raise CheckpointNotConsistent unless `now` only added to `seen`, as the consistency proof says."""
    if now.origin != seen.origin:
        raise CheckpointNotConsistent("The checkpoint is of another log.")
    if now.size < seen.size:
        raise CheckpointNotConsistent(f"The tree has {now.size} leaves; {seen.size} were seen before.")
    if not extends(seen.size, seen.root, now.size, now.root, path):
        raise CheckpointNotConsistent(f"The {seen.size} leaves that were seen before are not in this tree.")
