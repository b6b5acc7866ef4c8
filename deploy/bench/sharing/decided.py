"""Families about whom a thousand decisions have been recorded, one after the other, by the ledger itself."""

from collections.abc import Sequence
from uuid import UUID

import asyncpg

from deploy.demo.partnership import Agency

DECISIONS = 1_000
SETTINGS = "set synchronous_commit = off"
NAMED = "Decided again. Synthetic."

FAMILIES = """
select h.id as household, array_agg(distinct m.person) || h.id as everybody, h.agency as recorded_by
from referral.household h join referral.member m on m.subject = h.id
where h.id = any($1)
  and not exists (select from hub.decision_event e where e.subjects @> array[h.id] and e.reason = $2)
group by h.id order by h.id"""

# A fiftieth is for the reader. Two in five are withdrawn again: history, of which nothing is in force.
DECIDE = """
with told as (
  select n, gen_random_uuid() as decision,
    case when n % 50 = 0 then $4 else agencies[1 + n % cardinality(agencies)] end as agency,
    (array['early_help', 'safeguarding', 'attendance'])[1 + n % 3] as purpose,
    (array['{identity_contact,home_address}', '{family_household}', '{education_attendance}',
      '{safeguarding_concern,plan_and_actions}']::text[])[1 + n % 4]::text[] as categories
  from generate_series(1, $1::int) n,
    (select array_agg(id order by id) as agencies from hub.agency where id <> all(array[$3, $6])) a),
given as (
  insert into hub.decision_event (decision, event, agency, purpose, basis, categories, subjects, reason,
    detriment_test, recorded_by, client, practitioner)
  select decision, 'given', agency, purpose, 'safeguarding', categories, $2::uuid[], $5,
    'Not sharing would leave the child without help.', $3, $3, 'specimen' from told order by n)
select decision, agency, purpose, categories from told where n % 5 < 2"""
WITHDRAW = """
insert into hub.decision_event (decision, event, agency, purpose, basis, categories, subjects, reason,
  recorded_by, client, practitioner)
values ($1, 'withdrawn', $2, $3, 'safeguarding', $4, $5::uuid[], $7, $6, $6, 'specimen')"""


async def decided(
    administrator: asyncpg.Connection, households: Sequence[UUID], reader: Agency, stranger: Agency
) -> None:
    """See that these families have a thousand decisions, two in five of them withdrawn again.

    The reader is told in one of fifty, the stranger in none.
    """
    await administrator.execute(SETTINGS)
    for row in await administrator.fetch(FAMILIES, list(households), NAMED):
        people, author = row["everybody"], row["recorded_by"]
        async with administrator.transaction():
            told = (DECISIONS, people, author, reader.id, NAMED, stranger.id)
            gone = [
                (one["decision"], one["agency"], one["purpose"], one["categories"], people, author, NAMED)
                for one in await administrator.fetch(DECIDE, *told)
            ]
            await administrator.executemany(WITHDRAW, gone)
    await administrator.execute("vacuum (analyze) hub.share, hub.sight, hub.decision_event, hub.caseload")
