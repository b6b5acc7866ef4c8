"""People: matching by a keyed digest, one agency's account of somebody, and what is shown of them."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from hub.database import Tx
from hub.line import Row
from hub.sharing.processing import named_openly
from hub.view import View

IDENTITY = """
select i.subject, i.category, i.agency as author, json_build_object(
  'person', i.subject, 'given_name', i.given_name, 'family_name', i.family_name,
  'date_of_birth', i.date_of_birth, 'sex', i.sex, 'upn', i.upn, 'year_group', i.year_group,
  'according_to', i.agency, 'updated_at', i.updated_at) as item
from referral.identity i where {which} order by i.family_name, i.given_name, i.agency"""

ADDRESS = """
select a.subject, a.category, a.agency as author, json_build_object(
  'person', a.subject, 'lines', a.lines, 'postcode', a.postcode,
  'according_to', a.agency, 'updated_at', a.updated_at) as item
from referral.address a where {which} order by a.subject, a.updated_at desc"""

ATTENDANCE = """
select t.subject, t.category, t.agency as author, json_build_object(
  'person', t.subject, 'year', t.year, 'possible', t.possible, 'attended', t.attended,
  'authorised', t.authorised, 'unauthorised', t.unauthorised,
  'percentage', case when t.possible > 0 then round(100.0 * t.attended / t.possible, 1) end,
  'persistent_absence', 10 * (t.authorised + t.unauthorised) >= t.possible and t.possible > 0,
  'according_to', t.agency) as item
from referral.attendance t where {which} order by t.subject, t.year desc"""

PERSON = View(
    {
        "identities": IDENTITY.format(which="i.subject = :person"),
        "addresses": ADDRESS.format(which="a.subject = :person"),
        "attendance": ATTENDANCE.format(which="t.subject = :person"),
    },
    anchor="identities",
)


BIRTHDAYS = View(
    {
        "birthdays": """
select i.subject, i.category, i.agency as author, json_build_object('person', i.subject,
  'date_of_birth', i.date_of_birth, 'according_to', i.agency) as item
from referral.identity i where i.subject = any(cast(:people as uuid[])) order by i.subject, i.agency"""
    },
    anchor="birthdays",
)
# Households and people the agency works with are not asked about in vain.
UNKNOWN = """
select who from unnest(cast(:people as uuid[])) who
where not exists (select from hub.caseload c where c.subject = who
    and c.agency = current_setting('hub.agency'))
  and not exists (select from referral.identity i where i.subject = who)"""

# As what they live where, with whom: whoever is a parent there speaks for these.
ROLES = View(
    {
        "roles": f"""
select m.subject, m.category, m.agency as author, json_build_object('household', m.subject, 'role', m.role,
  'according_to', m.agency, 'members', array(
    select distinct o.person from referral.member o
    where o.subject = m.subject and {named_openly("o.person")})) as item
from referral.member m where m.person = :person and {named_openly("m.person")}
order by m.subject, m.agency"""
    },
    anchor="roles",
)


def digest(key: bytes, value: str) -> bytes:
    """The keyed digest of an identifier: equal for equal identifiers, and nothing without the key."""
    return hmac.digest(key, value.encode(), hashlib.sha256)


# Whom an identifier means to the caller's agency: by its own word, or as it means to everybody.
MEANT = """coalesce(
  (select o.person from referral.own_key o where o.agency = current_setting('hub.agency')
    and o.scheme = {scheme} and o.digest = {digest}),
  (select k.person from referral.person_key k where k.scheme = {scheme} and k.digest = {digest}))"""
MEANS = f"""
select m.person, exists (select from referral.identity i where i.subject = m.person
  and i.agency = current_setting('hub.agency')) as ours
from (select {MEANT.format(scheme=":scheme", digest=":value")} as person) m where m.person is not null"""


async def find_or_make(tx: Tx, keys: Mapping[str, bytes], name: bytes | None = None) -> UUID:
    """The person that these keys (scheme -> digest) mean to the caller's agency, or a new one.

    Whom the agency has an account of goes first, so that what it is answered never depends on whether
    somebody else knows the other identifier. `name` is the digest of name and birthday as it has them.
    """
    found = {scheme: row for scheme, value in keys.items() for row in await _means(tx, scheme, value)}
    if not found:
        person = uuid4()
        await tx.run("insert into referral.person (id) values (:person)", person=person)
        return await _remember(tx, person, keys)
    person = next((row["person"] for row in found.values() if row["ours"]), None)
    person = person or next(iter(found.values()))["person"]
    borne_out = name is not None and await tx.value(
        "select true from referral.name_key where digest = :name and person = :person",
        name=name,
        person=person,
    )
    for scheme, value in keys.items():
        if scheme not in found and borne_out:
            await _offer(tx, scheme, value, person)
        if [row["person"] for row in await _means(tx, scheme, value)] != [person]:
            await tx.run(
                "insert into referral.own_key (scheme, digest, person) values (:scheme, :value, :person)"
                " on conflict do nothing",
                scheme=scheme,
                value=value,
                person=person,
            )
    return person


async def _means(tx: Tx, scheme: str, value: bytes) -> Sequence[Row]:
    return await tx.rows(MEANS, scheme=scheme, value=value)


async def _remember(tx: Tx, person: UUID, keys: Mapping[str, bytes]) -> UUID:
    """Add what is new. Where another request was first, that request's person is the one."""
    for scheme, value in keys.items():
        await _offer(tx, scheme, value, person)
        person = await tx.value(
            "select person from referral.person_key where scheme = :scheme and digest = :value",
            scheme=scheme,
            value=value,
        )
    return person


async def _offer(tx: Tx, scheme: str, value: bytes, person: UUID) -> None:
    """Let an identifier mean this person to everybody, unless it means somebody already."""
    await tx.run(
        "insert into referral.person_key (scheme, digest, person) values (:scheme, :value, :person)"
        " on conflict do nothing",
        scheme=scheme,
        value=value,
        person=person,
    )


async def find_unknown(tx: Tx, asked: Sequence[UUID]) -> Sequence[UUID]:
    """Those of these ids that mean nobody the caller works with or may see."""
    return [row["who"] for row in await tx.rows(UNKNOWN, people=list(asked))]


async def find_own(tx: Tx, value: bytes) -> UUID | None:
    """The person with this UPN, if the caller's agency itself holds an account of them."""
    found = await _means(tx, "upn", value)
    return next((row["person"] for row in found if row["ours"]), None)


async def keep_identity(tx: Tx, person: UUID, name: bytes, **facts: Any) -> None:
    """Write or renew the caller's own account of who somebody is. `name`: the digest of their name's key."""
    await tx.run(
        "with named as (insert into referral.name_key (digest, person) values (:name, :person)"
        " on conflict do nothing) insert into referral.identity (id, subject, category, given_name,"
        " family_name, date_of_birth, sex, upn, year_group, updated_at) values"
        " (gen_random_uuid(), :person, 'identity_contact',"
        " :given_name, :family_name, :date_of_birth, :sex, :upn, :year_group, now())"
        " on conflict (subject, agency) do update set given_name = excluded.given_name,"
        " family_name = excluded.family_name, date_of_birth = excluded.date_of_birth, sex = excluded.sex,"
        " upn = excluded.upn, year_group = excluded.year_group, updated_at = now()",
        person=person,
        name=name,
        **facts,
    )


async def keep_address(tx: Tx, person: UUID, lines: Sequence[str], postcode: str | None) -> None:
    """Write or renew the caller's own account of where somebody lives."""
    await tx.run(
        "insert into referral.address (id, subject, category, lines, postcode, updated_at)"
        " values (gen_random_uuid(), :person, 'home_address', :lines, :postcode, now())"
        " on conflict (subject, agency) do update set lines = excluded.lines,"
        " postcode = excluded.postcode, updated_at = now()",
        person=person,
        lines=list(lines),
        postcode=postcode,
    )


async def keep_attendance(tx: Tx, person: UUID, year: str, **counts: int) -> None:
    """Write or renew the caller's own count of one school year's sessions."""
    await tx.run(
        "insert into referral.attendance (id, subject, category, year, possible, attended, authorised,"
        " unauthorised, updated_at) values (gen_random_uuid(), :person, 'education_attendance', :year,"
        " :possible, :attended, :authorised, :unauthorised, now())"
        " on conflict (subject, agency, year) do update set possible = excluded.possible,"
        " attended = excluded.attended, authorised = excluded.authorised,"
        " unauthorised = excluded.unauthorised, updated_at = now()",
        person=person,
        year=year,
        **counts,
    )
