"""Erasures as the log itself records them: a leaf that names what the tree committed to and is gone since."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

ERASED = '"outcome": "erased"'
NAMED = re.compile(r"erasure ([0-9a-f-]{36}): ([0-9a-f ]+)")


@dataclass(frozen=True)
class Erasure:
    """What went, on a day, under a request that two people decided: its commitments, in hex."""

    request: str
    at: str
    entries: int
    named: frozenset[str] = field(repr=False)


def erasure_in(text: str) -> Erasure | None:
    """The erasure that a disclosure's canonical text records; None where it records something else."""
    row = cast("Mapping[str, Any]", json.loads(text))
    found = NAMED.fullmatch(row.get("reason") or "")
    if row.get("outcome") != "erased" or found is None:
        return None
    named = frozenset(found[2].split())
    return Erasure(found[1], str(row["at"]), len(named), named)
