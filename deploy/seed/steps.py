"""In which order a batch is made, and how what is in force comes about: by triggers, or over sets."""

import hashlib
import re

from deploy.seed import concerns, families, people, referrals, sharing, support, trace

PARTS = (families, people, concerns, referrals, support, sharing, trace)
TABLES = ";".join(part.TABLES for part in PARTS)
INTO = re.compile(r"insert into ((?:hub|referral|assessment|directory)\.\w+)")

Step = tuple[str, tuple[object, ...]]

# With triggers off PostgreSQL does not check foreign keys either: a test looks for rows that miss their own.
QUIET = "set local session_replication_role = replica"
BY_SETS = (
    concerns.INVOLVEMENT,
    sharing.DECISION_EVENT,
    sharing.ENTERED,
    sharing.PASSED_ON,
    sharing.SHARE,
    sharing.RESTRICTION,
    sharing.SIGHT,
    trace.EVENT,
    trace.CASELOAD,
    # The trace keeps its trigger: it is a statement's, and as fast.
    "set local session_replication_role = origin",
)
ENTERED = "set local hub.entered_because = 'seed'"
BY_TRIGGERS = (ENTERED, concerns.INVOLVEMENT_TIMES, sharing.DECISION_EVENT, trace.EVENT, trace.CASELOAD_TIMES)


def steps(
    first: int, last: int, places: int, seed: int, matching_key: str, *, by_triggers: bool
) -> list[Step]:
    """Every statement that makes the families from `first` to `last`, with its arguments."""
    start, *others = families.statements(seed)
    before = [*others, "analyze family, someone, household"]
    before += [*people.STATEMENTS, *concerns.STATEMENTS, *referrals.STATEMENTS, support.SUPPORT]
    after = ["analyze asked, step, support", sharing.DECIDED, *support.STATEMENTS]
    after += ["analyze decided, happened", *(BY_TRIGGERS if by_triggers else BY_SETS), trace.DISCLOSURE]
    return [
        *([] if by_triggers else [(QUIET, ())]),
        (start, (first, last, places)),
        *((statement, ()) for statement in before),
        *((statement, padded(matching_key)) for statement in people.KEYED),
        *((statement, ()) for statement in after),
    ]


def table_of(statement: str) -> str | None:
    """The table of the hub that a statement fills, if it fills one."""
    found = INTO.search(statement)
    return found[1] if found else None


def padded(key: str) -> tuple[bytes, bytes]:
    """A key as HMAC-SHA-256 uses it inside and outside (RFC 2104, section 2)."""
    whole = key.encode()
    block = (whole if len(whole) <= 64 else hashlib.sha256(whole).digest()).ljust(64, b"\0")
    return bytes(byte ^ 0x36 for byte in block), bytes(byte ^ 0x5C for byte in block)
