"""Recording that a family agrees to take part, and that it no longer does."""

from uuid import UUID

from hub.database import Tx
from services.assessment.models import Engagement, EngagementEnd
from services.assessment.rules.engagements import check_end
from services.assessment.schemas.engagements import EngagementEndHeard, EngagementHeard
from services.assessment.store.engagements import has_ended
from services.assessment.store.rows import hold_known, take, write


async def engage(tx: Tx, heard: EngagementHeard) -> UUID:
    """Record the agreement of a family the caller works with; returns its id. Otherwise NotFound."""
    await hold_known(tx, heard.household)
    told = heard.model_dump(exclude={"household"})
    return await write(tx, "engagement.given", Engagement(subject=heard.household, **told))


async def end(tx: Tx, engagement: UUID, heard: EngagementEndHeard) -> None:
    """Record that the family takes part no longer. Raises NotFound and what `check_end` does."""
    agreed = await take(tx, Engagement, engagement)
    check_end(agreed.given_on, heard.ended_on, ended_before=await has_ended(tx, engagement))
    ending = EngagementEnd(
        subject=agreed.subject,
        keeper=agreed.agency,
        engagement=engagement,
        ended_on=heard.ended_on,
        reason=heard.reason,
    )
    await write(tx, "engagement.ended", ending, about=engagement)
