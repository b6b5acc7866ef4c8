"""Looks up everything an erasure depends on, and proposes what becomes of each record."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from fastapi import Request

from gateway.retention.holds import holds_on
from gateway.retention.proposing import Case, Kept, Proposal, propose
from gateway.retention.reaching import Families, family_of, kept_about
from gateway.retention.rules import in_force
from gateway.retention.schedule import ACCESS_LOG, LEDGER
from hub.database import Tx
from hub.heard import LONDON, today
from hub.problem import NotFound

CONTACT = "select hub.last_contact(cast(:subjects as uuid[]))"
HUB_KEEPS = (ACCESS_LOG, LEDGER)


@dataclass(frozen=True)
class Casework:
    """Whom an erasure covers, every record about them, and what is proposed for each."""

    covered: Sequence[UUID]
    records: Sequence[Kept]
    proposals: dict[UUID, Proposal]
    hub: Sequence[tuple[Kept, Proposal]]
    family: Families


async def look_up(tx: Tx, request: Request, subject: UUID, *, asked: bool) -> Casework:
    """Everything kept about a person, or a household and its people. NotFound where that is nothing.

    Somebody who lives alone takes their household with them. What is recorded of a larger family stays.
    """
    caller = tx.known_caller
    families = await family_of(request, caller, subject)
    covered = _covered(subject, families)
    own = await kept_about(request, caller, covered)
    if not own:
        raise NotFound
    around = [one for one in families.households.get(subject, ()) if one not in covered]
    theirs = await kept_about(request, caller, around) if around else []
    records = list({one.record: one for one in (*own, *theirs)}.values())
    case = await _case(tx, covered, around, families, asked=asked)
    proposals = propose(case, records, frozenset(one.record for one in own))
    kept_here = [Kept("hub", kind, one, one, kind, "hub") for one in covered for kind in HUB_KEEPS]
    hub = [(one, propose(case, [one], frozenset({one.record}))[one.record]) for one in kept_here]
    return Casework(covered, records, proposals, hub, families)


def _covered(subject: UUID, families: Families) -> list[UUID]:
    if subject in families.members:
        return [subject, *sorted(families.members[subject])]
    alone = [h for h in families.households.get(subject, ()) if families.members[h] == frozenset({subject})]
    return [subject, *sorted(alone)]


async def _case(
    tx: Tx, covered: Sequence[UUID], around: Sequence[UUID], families: Families, *, asked: bool
) -> Case:
    everybody = [*covered, *around]
    contact = await tx.value(CONTACT, subjects=everybody)
    return Case(
        covered=frozenset(covered),
        today=today(),
        contact=contact.astimezone(LONDON).date() if contact else today(),
        born={one: families.youngest(one) for one in everybody},
        holds=await holds_on(tx, everybody),
        rules=await in_force(tx),
        asked=asked,
    )
