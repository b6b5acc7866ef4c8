"""Engagements: what is shown of them, and whether the family's last word was yes."""

from datetime import datetime
from uuid import UUID

from hub.database import Tx
from hub.view import View

ENGAGEMENT = """
select e.subject, e.category, e.agency as author, json_build_object(
  'engagement', e.id, 'household', e.subject, 'given_by', e.given_by, 'capacity', e.capacity,
  'reasoning', e.reasoning, 'method', e.method, 'given_on', e.given_on,
  'words_shown', e.words_shown, 'by', e.agency, 'at', e.at,
  'ended_on', x.ended_on, 'end_reason', x.reason) as item
from assessment.engagement e left join assessment.engagement_end x on x.engagement = e.id
where {which} order by e.at, e.id"""

ONE = View(
    {"engagement": ENGAGEMENT.format(which="e.id = :engagement")},
    anchor="engagement",
    single=frozenset({"engagement"}),
)


async def last_words(tx: Tx, household: UUID) -> tuple[datetime | None, datetime | None]:
    """When the family's newest yes and newest no were recorded, as far as the caller may see them."""
    [said] = await tx.rows(
        "select (select max(at) from assessment.engagement where subject = :household) as agreed,"
        " (select max(at) from assessment.engagement_end where subject = :household) as ended",
        household=household,
    )
    return said["agreed"], said["ended"]


async def has_ended(tx: Tx, engagement: UUID) -> bool:
    """Whether this engagement has its end."""
    return await tx.value(
        "select exists (select from assessment.engagement_end where engagement = :engagement)",
        engagement=engagement,
    )
