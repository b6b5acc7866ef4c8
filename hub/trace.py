"""What leaves a trace besides a view: refusals, repeated answers, and changes as thin events."""

from collections.abc import Sequence
from uuid import UUID

from hub.database import Tx


async def refuse(tx: Tx, reason: str, subjects: Sequence[UUID] = ()) -> None:
    """Record that this caller was refused, and about whom it asked (ids that may not exist)."""
    await tx.run(
        "insert into hub.disclosure (subject, outcome, reason) "
        "select subject, 'refused', :reason from unnest(cast(:subjects as uuid[])) subject",
        reason=reason,
        subjects=list(dict.fromkeys(subjects)) or [None],
    )


async def disclose_again(tx: Tx, shows: str) -> None:
    """Record that a stored answer is repeated: `shows` is what its views disclosed (JSON, a list of each)."""
    await tx.run(
        "insert into hub.disclosure (subject, categories, records, row_count)"
        " select s.subject, s.categories, s.records, s.row_count"
        " from jsonb_array_elements(cast(:shows as jsonb)) shown,"
        " jsonb_to_recordset(shown) s(subject uuid, categories text[], records text[], row_count integer)",
        shows=shows,
    )


async def record(tx: Tx, event: str, subject: UUID, category: str, about: UUID | None = None) -> None:
    """Record that something changed: ids and a type (`referral.submitted`), no personal data.

    The subject rises to the top of the caseloads of those who may see that category.
    """
    await tx.run(
        "insert into hub.event (type, subject, category, about) values (:event, :subject, :category, :about)",
        event=event,
        subject=subject,
        category=category,
        about=about,
    )
