"""Restriction of processing (UK GDPR Art 18) and objection (Art 21): stored, shown to nobody but oversight.

A restriction of the agency `*`: it hides every category from everybody, those who wrote it too.
"""

import json
from collections.abc import Sequence
from enum import StrEnum
from uuid import UUID, uuid4

from hub.database import Tx
from hub.policy import OVERSIGHT
from hub.sharing.vocabulary import Category, DecisionId, Event

EVERYBODY = "*"

RESTRICTED = """exists (select from hub.restriction r where r.subject = {person} and r.agency = '*'
    and r.category = 'existence' and now() < r.ends)"""


def named_openly(person: str) -> str:
    """The condition under which a row about somebody else may name this person at all."""
    return f"({OVERSIGHT} or not {RESTRICTED.format(person=person)})"


def those_named_openly(people: str) -> str:
    """A list of people without those whose processing is restricted, in its order; oversight reads all."""
    return (
        f"array(select each.person from unnest({people}) with ordinality each(person, place)"
        f" where {named_openly('each.person')} order by each.place)"
    )


class ProcessingRight(StrEnum):
    """Which right somebody uses."""

    RESTRICTION = "restriction"
    OBJECTION = "objection"


async def restrict_processing(
    tx: Tx, subjects: Sequence[UUID], right: ProcessingRight, asked_by: str, reason: str
) -> DecisionId:
    """Hide everything about these people from everybody, once what is under way has been delivered.

    Returns the id that a lifting (`hub.sharing.lift`) names. For oversight, who need not work with them.
    """
    await tx.run("select hub.hold_alone_about(:subjects)", subjects=list(subjects))
    restriction = DecisionId(uuid4())
    await tx.run(
        "insert into hub.decision_event (decision, event, agency, categories, subjects, kind, reason,"
        " circumstances, ends) values (:decision, :event, :agency, :categories, :subjects, 'other', :reason,"
        " cast(:circumstances as jsonb), 'infinity')",
        decision=restriction,
        event=Event.RESTRICTED,
        agency=EVERYBODY,
        categories=[category.value for category in Category],
        subjects=list(dict.fromkeys(subjects)),
        reason=reason,
        circumstances=json.dumps({"right": right, "asked_by": asked_by}),
    )
    return restriction
