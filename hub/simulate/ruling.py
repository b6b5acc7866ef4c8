"""Which recorded decisions would change if an agreement was signed, ended, or lost a party? Only reads.

A new agreement puts in force decisions for a type of agency that lacked one; it narrows nothing, because the
best of the agreements that cover a decision backs it. One that ends takes out what rests on it alone: of a
decision that others countersigned, the records of those whose agreement it was (docs/decisions/0029).
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from hub.caller import AgencyId, Purpose
from hub.database import Tx
from hub.heard import Agency, Heard
from hub.page import Paged, after, beyond, position
from hub.problem import NotFound, Problem
from hub.sharing import Basis, Category
from hub.sharing.agreements import AgreementTerm
from hub.sharing.history import MOVES
from hub.view import View


class AgreementNotInForce(Problem):
    """Only an agreement in force can end, or lose a party."""

    status = 409


class SupposedEnding(Heard):
    """An agreement that ends before its time, for all its parties or for one."""

    agreement: UUID
    leaver: Agency | None = Field(None, description="the party that leaves; all of it ends if left out")
    on: AwareDatetime | None = Field(None, description="when; now if left out")


class RuleHeard(BaseModel):
    """An agreement as it would be signed."""

    parties: list[AgencyId]
    starts: datetime
    expires: datetime
    terms: list[AgreementTerm]


class DecisionChange(BaseModel):
    """What would become of one decision, and for whom of those it is for.

    `narrowed`: what some author wrote is open to them no longer, and what another wrote still is.
    """

    decision: UUID
    effect: Literal["put_in_force", "capped", "narrowed", "ended"]
    recipients: list[AgencyId]
    subjects: list[UUID]
    categories: list[Category]
    purpose: Purpose
    basis: Basis
    recorded_by: AgencyId
    until: datetime | None


class Ruling(Paged):
    """A page of the decisions that would change, newest first, and how many there are.

    Of those you may read; oversight reads them all.
    """

    decisions: list[DecisionChange]
    total: int


# A decision as it stands, for whoever may read it.
STANDS = f"""
select e.decision, e.agency as recipient, e.recorded_by, e.subjects, e.categories, e.purpose, e.basis,
  e.at, e.id
from hub.decision_event e
where e.event in ('given', 'varied') and e.basis in ('agreement', 'statutory_duty') and e.ends > now()
  and e.id = (select t.id from hub.decision_event t where t.decision = e.decision and t.{MOVES}
    order by t.at desc, t.id desc limit 1)"""

# As hub.agreement_for() weighs terms: an exception before a default, a denial before a permission.
COVERED = """
select least(cast(:expires as timestamptz), min(covered.ends)) as ends
from unnest(d.categories) wanted cross join lateral (
  select case
    when said.exception_denies then null
    when said.exception_allows is not null then least(said.to_be_denied,
      case when said.default_denies then said.exception_allows
        else greatest(said.exception_allows, said.default_allows) end)
    when said.default_denies or said.default_allows is null then null
    else least(said.to_be_denied, said.default_allows) end as ends
  from (select
    bool_or(t.exception and t.effect = 'deny' and t.starts <= moment.at) as exception_denies,
    bool_or(not t.exception and t.effect = 'deny' and t.starts <= moment.at) as default_denies,
    max(t.ends) filter (where t.exception and t.effect = 'allow' and t.starts <= moment.at)
      as exception_allows,
    max(t.ends) filter (where not t.exception and t.effect = 'allow' and t.starts <= moment.at)
      as default_allows,
    min(t.starts) filter (where t.effect = 'deny' and t.starts > moment.at) as to_be_denied
    from terms t where moment.at < t.ends and d.recorded_by = any(t.disclosers)
      and member.id = any(t.receivers) and wanted = any(t.categories) and d.purpose = any(t.purposes)
  ) said) covered having count(covered.ends) = count(*)"""

SIGNED = f"""
with terms as (
    select t.exception, t.effect, t.disclosers, t.receivers, t.categories, t.purposes,
      coalesce(t.starts, cast(:starts as timestamptz)) as starts, coalesce(t.ends, 'infinity') as ends
    from jsonb_to_recordset(cast(:terms as jsonb)) t(exception bool, effect text, disclosers text[],
      receivers text[], categories text[], purposes text[], starts timestamptz, ends timestamptz)),
  moment as (select greatest(now(), cast(:starts as timestamptz)) as at),
  d as ({STANDS} and e.agency like 'type:%')
select d.decision, 'put_in_force' as effect, array_agg(member.id order by member.id) as recipients,
  d.subjects, d.categories, d.purpose, d.basis, d.recorded_by, min(cover.ends) as until, d.at, d.id
from d cross join moment join hub.agency member on d.recipient = 'type:' || member.type and member.active
  and member.id <> d.recorded_by
cross join lateral ({COVERED}) cover
where cover.ends > moment.at and d.recorded_by = any(cast(:parties as text[]))
  and not exists (select from hub.share s where s.decision = d.decision and s.agency = member.id)
  and not hub.has_lapsed(d.decision, d.recorded_by, member.id)
group by d.decision, d.subjects, d.categories, d.purpose, d.basis, d.recorded_by, d.at, d.id"""

# What rests on it, unless another agreement would back it as well: then nothing changes for that recipient.
RESTS = """
from hub.share s where s.agreement = :agreement and s.ends > greatest(now(), cast(:ends_on as timestamptz))"""
LEAVES = """
(cast(:leaver as text) is null or :leaver in (split_part({share}.agency, '/', 1), {share}.discloser))"""
STAYS = f"""
exists (select from hub.share o where o.decision = s.decision and o.agency = s.agency and o.ends > now()
  and not (o.agreement is not distinct from cast(:agreement as uuid) and {LEAVES.format(share="o")}))"""
ANOTHER = """
d.recipient like 'type:%' and exists (select from hub.agreement o where o.id <> cast(:agreement as uuid)
  and o.status = 'signed' and s.discloser = any(o.parties) and s.agency = any(o.parties)
  and exists (select from hub.agreement_for(s.discloser, s.agency, d.categories, d.purpose, o.id)))"""
ENDED = f"""
with d as ({STANDS})
select d.decision, case when cast(:ends_on as timestamptz) > now() then 'capped'
    when bool_or({STAYS}) then 'narrowed' else 'ended' end as effect,
  array_agg(distinct s.agency) as recipients, d.subjects, d.categories, d.purpose, d.basis, d.recorded_by,
  greatest(now(), cast(:ends_on as timestamptz)) as until, d.at, d.id
{RESTS.replace("from hub.share s where", "from hub.share s join d on d.decision = s.decision where")}
  and {LEAVES.format(share="s")} and not ({ANOTHER})
group by d.decision, d.subjects, d.categories, d.purpose, d.basis, d.recorded_by, d.at, d.id"""


def _page(changes: str) -> View:
    """One page of what changes. Each decision shown is a disclosure about whom it is about."""
    return View(
        {
            "decisions": f"""
select c.subjects as subjects, 'existence' as category, json_build_object('decision', c.decision,
  'effect', c.effect, 'recipients', c.recipients, 'subjects', c.subjects, 'categories', c.categories,
  'purpose', c.purpose, 'basis', c.basis, 'recorded_by', c.recorded_by, 'until', nullif(c.until, 'infinity'))
  as item, {position("c.at", "c.id")}
from ({changes}) c where {beyond("c.at", "c.id")} order by c.at desc, c.id desc limit cast(:limit as int)"""
        },
        paged="decisions",
    )


PAGES = {sql: _page(sql) for sql in (SIGNED, ENDED)}


async def what_would_change(
    tx: Tx, rule: RuleHeard | SupposedEnding, limit: int = 50, cursor: str | None = None
) -> Ruling:
    """The recorded decisions that this rule would put in force, cap or end, of those the caller may read.

    Raises NotFound for no agreement, AgreementNotInForce, CursorNotValid.
    """
    if isinstance(rule, SupposedEnding):
        await _require_in_force(tx, rule)
        facts = {"agreement": rule.agreement, "leaver": rule.leaver, "ends_on": rule.on}
        return await _shown(tx, ENDED, facts, limit, cursor)
    facts = {
        "parties": list(rule.parties),
        "starts": rule.starts,
        "expires": rule.expires,
        "terms": _json(rule.terms),
    }
    return await _shown(tx, SIGNED, facts, limit, cursor)


async def _shown(tx: Tx, changes: str, facts: dict[str, Any], limit: int, cursor: str | None) -> Ruling:
    moment, identity = after(cursor)
    total = await tx.value(f"select count(*) from ({changes}) c", **facts)
    page = PAGES[changes]
    shown = json.loads(await tx.show(page, moment=moment, identity=identity, limit=limit, **facts))
    return Ruling(decisions=shown["decisions"], total=total, next=shown["next"])


async def _require_in_force(tx: Tx, ending: SupposedEnding) -> None:
    rows = await tx.rows(
        "select status = 'signed' and ends > now() and starts <= now() as running,"
        " cast(:leaver as text) is null or (:leaver = any(parties) and :leaver <> all(gone)) as party"
        " from hub.agreement where id = :id",
        id=ending.agreement,
        leaver=ending.leaver,
    )
    if not rows:
        raise NotFound
    if not rows[0]["running"]:
        raise AgreementNotInForce
    if not rows[0]["party"]:
        raise AgreementNotInForce(f"{ending.leaver} is no party to it.")


def _json(terms: Sequence[AgreementTerm]) -> str:
    return json.dumps([term.model_dump(mode="json") for term in terms])
