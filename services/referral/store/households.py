"""Households, their members, and the referral service's part of the shared case view."""

from uuid import UUID

from hub.database import Tx
from hub.page import beyond, position
from hub.problem import NotFound
from hub.sharing.processing import named_openly
from hub.view import View
from services.referral.store.concerns import CONCERN
from services.referral.store.people import ADDRESS, ATTENDANCE, IDENTITY
from services.referral.store.referrals import MOVE, REFERRAL, TRIAGE

HOUSEHOLD = """
select h.subject, h.category, h.agency as author, json_build_object(
  'household', h.id, 'name', h.name, 'opened_by', h.agency, 'created_at', h.created_at) as item
from referral.household h where {which}"""

MEMBER = f"""
select m.subject, m.category, m.agency as author, json_build_object('person', m.person, 'role', m.role,
  'according_to', m.agency) as item, m.person
from referral.member m where m.subject = :household and {named_openly("m.person")}
order by m.role, m.person"""

THEIRS = "in (select person from members)"

CASE = View(
    {
        "household": HOUSEHOLD.format(which="h.id = :household"),
        "members": MEMBER,
        "identities": IDENTITY.format(which=f"i.subject {THEIRS}"),
        "addresses": ADDRESS.format(which=f"a.subject {THEIRS}"),
        "attendance": ATTENDANCE.format(which=f"t.subject {THEIRS}"),
        "concerns": CONCERN.format(
            which=f"c.subject {THEIRS}", order="c.occurred_at desc", most=200, more=""
        ),
        "referrals": REFERRAL.format(
            which="r.subject = :household", order="r.submitted_at desc", most=100, more=""
        ),
        "moves": MOVE.format(which="m.subject = :household"),
        "triage": TRIAGE.format(which="t.subject = :household"),
    },
    anchor="household",
    single=frozenset({"household"}),
)

PAGE = View(
    {
        "households": f"""
select h.subject, h.category, h.agency as author, json_build_object('household', h.id, 'name', h.name,
  'updated_at', c.updated_at) as item, {position("c.updated_at", "c.subject")}
from hub.caseload c join referral.household h on h.id = c.subject
where c.agency = current_setting('hub.agency') and c.purpose = current_setting('hub.purpose')
  and c.household and {beyond("c.updated_at", "c.subject")}
order by c.updated_at desc, c.subject desc limit cast(:limit as int)"""
    },
    paged="households",
)


async def require_visible(tx: Tx, person: UUID) -> None:
    """NotFound unless some account of who this person is may be shown to the caller."""
    tx.asked.append(person)
    if not await tx.value(
        "select true from referral.identity where subject = :person limit 1", person=person
    ):
        raise NotFound


async def require_open(tx: Tx, household: UUID) -> None:
    """NotFound unless this household may be shown to the caller."""
    tx.asked.append(household)
    if not await tx.value("select true from referral.household where id = :household", household=household):
        raise NotFound


async def members(tx: Tx, household: UUID) -> set[UUID]:
    """The people in a household, as far as the caller may see them."""
    rows = await tx.rows("select person from referral.member where subject = :household", household=household)
    return {row["person"] for row in rows}


async def keep_member(tx: Tx, household: UUID, person: UUID, role: str) -> None:
    """Write or renew the caller's own account of somebody's place in a household."""
    await tx.run(
        "insert into referral.member (id, subject, category, person, role)"
        " values (gen_random_uuid(), :household, 'family_household', :person, :role)"
        " on conflict (subject, agency, person) do update set role = excluded.role",
        household=household,
        person=person,
        role=role,
    )


async def own_with(tx: Tx, people: list[UUID]) -> UUID | None:
    """A household the caller's own agency opened in which all of these people are."""
    return await tx.value(
        "select m.subject from referral.member m where m.agency = current_setting('hub.agency')"
        " and m.person = any(:people) group by m.subject having count(distinct m.person) = :many"
        " order by m.subject limit 1",
        people=people,
        many=len(set(people)),
    )
