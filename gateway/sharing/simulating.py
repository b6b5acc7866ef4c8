"""What would follow, over HTTP: if an agency joined, what would it see; what would a rule change."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import AwareDatetime, BaseModel, Field, StringConstraints, model_validator

from gateway.agreements import exchange
from gateway.agreements.exchange import ExchangeDocument
from gateway.graphql.asking import Asking, PartMissing
from gateway.hop import Services
from hub.access import ASKS, HubRoute, allow
from hub.caller import Purpose, Scope
from hub.counting import RecordCount, RecordCounts
from hub.database import Tx
from hub.heard import Heard
from hub.page import Cursor, Limit
from hub.problem import NotFound, TemporarilyUnavailable
from hub.sharing.agreements import AgreementTerm, PartyUnknown
from hub.sharing.recipients import Recipient
from hub.simulate import (
    NotRecorded,
    Question,
    RuleHeard,
    Ruling,
    Supposed,
    SupposedAgreement,
    SupposedEnding,
    WouldSee,
    what_would_change,
    would_see,
)

router = APIRouter(route_class=HubRoute, prefix="/sharing/simulate", tags=["sharing"])

A_YEAR = timedelta(days=365)

Ask = Annotated[Tx, allow(Scope.SHARING_EXPLAIN, asks=True)]
# The services count the records, and name the people of the plan, to whoever may read these.
Join = Annotated[Tx, allow(Scope.SHARING_EXPLAIN, Scope.CASES_READ, Scope.PLANS_READ, asks=True)]


class Joining(Heard):
    """Who would join, about whom, and what is supposed to have been decided before."""

    agency: Recipient = Field(description="an agency, `type:housing` for each of that type, or `agency/team`")
    practitioner: Annotated[str, StringConstraints(pattern="^[A-Za-z0-9._-]{0,64}$", to_lower=True)] = Field(
        "", description="its person who would ask"
    )
    subjects: list[UUID] = Field([], max_length=50, description="persons and households")
    plan: UUID | None = Field(None, description="the plan it would join: its household and its people")
    purpose: Purpose | None = Field(
        None, description="your token's, if left out; what you may see and know of is judged by your token's"
    )
    decisions: list[Supposed] = Field([], max_length=10, description="as if these were recorded")
    agreement: SupposedAgreement | None = Field(None, description="as if this were signed by all its parties")

    @model_validator(mode="after")
    def _about_somebody(self) -> "Joining":
        if not self.subjects and self.plan is None:
            raise ValueError("give subjects or a plan")
        return self


class Simulated(BaseModel):
    """What would be seen, agency by agency; and which decisions the hub would have refused."""

    purpose: Purpose
    subjects: list[UUID]
    would_see: list[WouldSee]
    not_recorded: list[NotRecorded]


@router.post("/joining", openapi_extra=ASKS)
async def simulate_joining(tx: Join, request: Request, joining: Joining) -> Simulated:
    """If this agency joined, what would it see? Nothing is recorded but that you asked.

    It is about what your agency wrote or may see: your decisions open nothing else (docs/decisions/0029). It
    says what follows from what you may know of: what others hide, refuse or share with that agency does not
    count.
    """
    services: Services = request.app.state.services
    asking = Asking(tx.known_caller, tx.request, services.hops, services.signer)
    subjects = list(dict.fromkeys([*joining.subjects, *await _of_plan(asking, tx, joining.plan)]))
    question = Question(
        agency=joining.agency,
        subjects=subjects,
        purpose=joining.purpose or tx.purpose,
        practitioner=joining.practitioner,
        decisions=joining.decisions,
        agreement=joining.agreement,
    )
    seen, refused = await would_see(tx, question, await _counts(asking, subjects))
    return Simulated(purpose=question.purpose, subjects=subjects, would_see=seen, not_recorded=refused)


class SimulatedRule(Heard):
    """A rule that nobody has made: an agreement that would be signed, or one that would end."""

    agreement: SupposedAgreement | None = Field(None, description="every party to every other, as signed now")
    documents: list[ExchangeDocument] | None = Field(
        None, min_length=1, max_length=500, description="the same as documents of the DfE draft"
    )
    starts: AwareDatetime | None = Field(None, description="of a new agreement; now if left out")
    expires: AwareDatetime | None = Field(None, description="of a new agreement; in a year if left out")
    ending: SupposedEnding | None = None

    @model_validator(mode="after")
    def _one_rule(self) -> "SimulatedRule":
        if sum(said is not None for said in (self.agreement, self.documents, self.ending)) != 1:
            raise ValueError("give one of agreement, documents or ending")
        return self


@router.post("/rule", openapi_extra=ASKS)
async def simulate_rule(tx: Ask, rule: SimulatedRule, limit: Limit = 50, cursor: Cursor = None) -> Ruling:
    """Which recorded decisions would this rule put in force, cap or end? Nothing is changed.

    Only those you may read, newest first; the hub's oversight reads them all.
    """
    if rule.ending:
        return await what_would_change(tx, rule.ending, limit, cursor)
    return await what_would_change(tx, await _as_signed(tx, rule), limit, cursor)


async def _as_signed(tx: Tx, rule: SimulatedRule) -> RuleHeard:
    now = datetime.now(UTC)
    if rule.documents:
        terms = exchange.read(rule.documents, await _members(tx))
    else:
        said = rule.agreement
        assert said is not None
        terms = [
            AgreementTerm(
                disclosers=said.parties,
                receivers=said.parties,
                categories=said.categories,
                purposes=said.purposes,
            )
        ]
    parties = exchange.parties(terms)
    if unknown := sorted(set(parties) - (await _members(tx)).keys()):
        raise PartyUnknown(f"Not agencies of this partnership: {', '.join(unknown)}.")
    return RuleHeard(
        parties=parties, starts=rule.starts or now, expires=rule.expires or now + A_YEAR, terms=terms
    )


async def _members(tx: Tx) -> Mapping[str, str]:
    return {row["id"]: row["type"] for row in await tx.rows("select id, type from hub.agency where active")}


async def _of_plan(asking: Asking, tx: Tx, plan: UUID | None) -> list[UUID]:
    if plan is None:
        return []
    tx.asked.append(plan)
    whole = await _get(asking, "assessment", f"/plans/{plan}")
    if whole is None:
        raise NotFound
    said = whole["plan"]
    return [UUID(one) for one in (said["household"], *said["children"], *said["adults"])]


async def _counts(asking: Asking, subjects: list[UUID]) -> list[RecordCount]:
    """What the asker may see itself, counted by the services that hold it."""
    path = "/records/counts?" + "&".join(f"subject={subject}" for subject in subjects)
    said = await asyncio.gather(*(_get(asking, part, path) for part in ("referral", "assessment")))
    return [count for each in said if each for count in RecordCounts.model_validate(each).counts]


async def _get(asking: Asking, part: str, path: str) -> Any:
    answer = await asking.get(part, path)
    if isinstance(answer, PartMissing):
        raise TemporarilyUnavailable(f"The {part} part of the hub did not answer, so nothing was simulated.")
    return answer
