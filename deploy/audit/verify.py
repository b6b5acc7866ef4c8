"""Proves an exported audit log offline: every row as it was, every leaf in its place, the root signed.

Trust comes from the signed checkpoint, from witnesses who cosigned one, and from checkpoints that somebody
else kept. Whoever can write the database can change rows and leaves, but not what was signed; whoever also
holds the key can sign another log, but not one that agrees with a checkpoint kept or cosigned elsewhere.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from deploy.audit.erasures import Erasure
from deploy.audit.export import FORMAT
from deploy.audit.reading import Failure, Kind, Reading
from hub.proof import Checkpoint, KeyNotValid, NoteNotValid, cosigned, verify

MOST_FAILURES = 100
TOGETHER = 256


@dataclass(frozen=True)
class Verdict:
    """How many leaves were read, and everything that is wrong, the first bad leaf first (a hundred of it).

    `erased` are the erasures on record: under them entries are gone, and nothing is wrong with that.
    `seeded` steps of the ledger say themselves that `hub seed` made them up, whatever day they bear.
    `key` is the verifier key it was held against; empty where the first line could not be read or verified.
    """

    size: int
    failures: tuple[Failure, ...]
    cosigned: Mapping[str, int]
    erased: tuple[Erasure, ...] = ()
    seeded: int = 0
    key: str = ""

    @property
    def holds(self) -> bool:
        """Nothing is wrong."""
        return not self.failures


def verify_log(
    lines: Iterable[str], *, key: str | None = None, kept: Sequence[str] = (), witnesses: Sequence[str] = ()
) -> Verdict:
    """Verify an export line by line.

    `key` is the verifier key one trusts; without it the file's own is believed. `kept` are checkpoints
    of this log that were kept elsewhere: the log must still contain what they signed. `witnesses` are
    keys of witnesses one trusts: each must have cosigned; without any, the file's own are believed.
    """
    rest = iter(lines)
    try:
        header = _header(next(rest, ""))
        trusted = key or str(header["key"])
        signed = verify(str(header["checkpoint"]), trusted)
        watched = _watched(header.get("cosigned", []), witnesses, trusted)
        marks = [verify(note, trusted) for note in kept]
    except (NoteNotValid, KeyNotValid) as reason:
        return Verdict(0, (Failure(Kind.SIGNATURE_WRONG, None, str(reason)),), {})
    except (ValueError, KeyError, TypeError) as reason:
        return Verdict(0, (Failure(Kind.UNREADABLE, None, f"the first line: {reason}"),), {})
    reading = Reading([*watched.values(), *marks, signed])
    while lines_together := list(islice(rest, TOGETHER)):
        reading.take(lines_together)
    failures = sorted(islice(reading.finish(signed), MOST_FAILURES), key=_first_leaf_first)
    watching = {who: mark.size for who, mark in watched.items()}
    return Verdict(reading.next, tuple(failures), watching, tuple(reading.erased), reading.seeded, trusted)


def _watched(
    found: Sequence[Mapping[str, str]], trusted: Sequence[str], log_key: str
) -> Mapping[str, Checkpoint]:
    """The newest checkpoint that each witness cosigned, by the witness's name."""
    by_key = {one["key"]: one["note"] for one in found}
    marks: dict[str, Checkpoint] = {}
    for witness in trusted or by_key:
        name = witness.partition("+")[0]
        if witness.strip() not in by_key:
            raise NoteNotValid(f"the witness {name} has cosigned nothing")
        note = by_key[witness.strip()]
        cosigned(note, witness)
        marks[name] = verify(note, log_key)
    return marks


def _first_leaf_first(failure: Failure) -> tuple[bool, int]:
    return failure.number is None, failure.number or 0


def _header(line: str) -> Mapping[str, Any]:
    header = json.loads(line)
    if header["format"] != FORMAT:
        raise ValueError("not an audit log of this version")
    return header
