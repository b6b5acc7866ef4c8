"""The retention schedule over HTTP: the rules in force, and the partnership's own in place of the hub's."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field, model_validator

from gateway.retention.schedule import CATEGORIES, DEFAULTS, Rule
from hub.access import HubRoute, allow
from hub.caller import Scope
from hub.database import Tx
from hub.heard import Heard, Line
from hub.problem import NotFound
from hub.sharing.overrides import PractitionerMissing

NEWEST = """
select distinct on (category) category, after_contact, until_birthday, on_request, source, words
from hub.retention_rule order by category, at desc, id desc"""
REPLACE = """
insert into hub.retention_rule (category, after_contact, until_birthday, on_request, source, words)
values (:category, cast(:after_contact as int), cast(:until_birthday as int), :on_request, :source, :words)"""

router = APIRouter(route_class=HubRoute, prefix="/retention", tags=["rights"])

Read = Annotated[Tx, allow(Scope.RIGHTS_WRITE)]
Replace = Annotated[Tx, allow(Scope.RIGHTS_WRITE, Scope.RECORDS_OVERSEE)]


class RuleSaid(BaseModel):
    """How long one kind of record is kept: after the last contact and until a birthday, the later of both."""

    category: str
    after_contact: int | None = Field(description="years after the last contact")
    until_birthday: int | None = Field(description="until this birthday; a household's: of its youngest")
    on_request: bool = Field(description="erased when the family asks, whatever the years say")
    source: str = Field(description="the law, or the practice, that says so")
    words: str = Field(description='for the family: "We keep this because ..."')


class RuleHeard(Heard):
    """A rule of the partnership's own."""

    after_contact: int | None = Field(None, ge=0, le=100)
    until_birthday: int | None = Field(None, ge=0, le=120)
    on_request: bool = False
    source: Line
    words: Line

    @model_validator(mode="after")
    def _some_time(self) -> "RuleHeard":
        if self.after_contact is None and self.until_birthday is None:
            raise ValueError("give after_contact, until_birthday, or both")
        return self


class RetentionSchedule(BaseModel):
    """The whole schedule."""

    rules: list[RuleSaid]


@router.get("/rules")
async def read_retention_schedule(tx: Read) -> RetentionSchedule:
    """How long every kind of record is kept, and by what authority."""
    return RetentionSchedule(rules=said(await in_force(tx)))


@router.put("/rules/{category}", status_code=204)
async def set_retention_rule(
    tx: Replace, category: Annotated[str, Path(max_length=64)], rule: RuleHeard
) -> None:
    """Put a rule of the partnership's own in force. What was in force before stays on record."""
    if not tx.known_caller.practitioner:
        raise PractitionerMissing("Say in the header `Practitioner` which person this is.")
    if category not in CATEGORIES:
        raise NotFound
    await tx.run(REPLACE, category=category, **rule.model_dump())


async def in_force(tx: Tx) -> dict[str, Rule]:
    """The rule of every category: the partnership's own, or else the hub's."""
    own = {row["category"]: Rule(**dict(row)) for row in await tx.rows(NEWEST)}
    return {rule.category: own.get(rule.category, rule) for rule in DEFAULTS}


def said(rules: dict[str, Rule]) -> list[RuleSaid]:
    """The rules as the record of processing prints them."""
    return [RuleSaid(**asdict(rule)) for rule in rules.values()]
