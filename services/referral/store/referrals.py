"""Referrals, their moves and their triage."""

from uuid import UUID

from hub.database import Tx
from hub.line import Row
from hub.page import beyond, position
from hub.problem import NotFound
from hub.sharing.processing import those_named_openly
from hub.view import View

STATUS = """(select m.status from referral.move m where m.referral = r.id order by m.number desc limit 1)"""

REFERRAL = (
    """
select r.subject, r.category, r.agency as author, json_build_object(
  'referral', r.id, 'household', r.subject, 'children', """
    + those_named_openly("r.children")
    + """, 'referrer', r.agency,
  'receiver', r.receiver, 'reason', r.reason, 'needs', r.needs, 'family_aware', r.family_aware,
  'not_informed_reason', r.not_informed_reason, 'submitted_at', r.submitted_at, 'decide_by', r.decide_by,
  'status', """
    + STATUS
    + """) as item{more}
from referral.referral r where {which} order by {order}, r.id desc limit {most}"""
)

MOVE = """
select m.subject, m.category, m.agency as author, json_build_object(
  'referral', m.referral, 'number', m.number, 'status', m.status, 'return_reason', m.return_reason,
  'feedback', m.feedback, 'passed_to', m.passed_to, 'by', m.agency, 'at', m.at) as item
from referral.move m where {which} order by m.referral, m.number"""

TRIAGE = """
select t.subject, t.category, t.agency as author, json_build_object(
  'referral', t.referral, 'scheme', t.scheme, 'rag', t.rag, 'level_of_need', t.level_of_need,
  'rationale', t.rationale, 'by', t.agency, 'at', t.at) as item
from referral.triage t where {which} order by t.at"""

ONE = View(
    {
        "referral": REFERRAL.format(which="r.id = :referral", order="r.submitted_at", most=1, more=""),
        "moves": MOVE.format(which="m.referral = :referral"),
        "triage": TRIAGE.format(which="t.referral = :referral"),
    },
    anchor="referral",
    single=frozenset({"referral"}),
)

OURS = "current_setting('hub.agency')"
# What was passed on is an array: beside a subquery PostgreSQL would read every referral, not three indexes.
ON_OUR_LIST = f"""(r.agency = {OURS} or r.receiver = {OURS} or r.id = any(array(
  select m.referral from referral.move m where m.passed_to_agency = {OURS})))"""

PAGE = View(
    {
        "referrals": REFERRAL.format(
            which=f"{ON_OUR_LIST} and {beyond('r.submitted_at', 'r.id')}",
            order="r.submitted_at desc",
            most="cast(:limit as int)",
            more=", " + position("r.submitted_at", "r.id"),
        )
    },
    paged="referrals",
)


async def hold(tx: Tx, referral: UUID) -> None:
    """Wait for whoever moves it, or takes away what is shared about its household, and keep them out.

    What is read in the same statement was so before the wait: `fetch` afterwards. A referral that the
    caller may not see holds nothing.
    """
    await tx.run("select hub.hold(subject) from referral.referral where id = :referral", referral=referral)
    await tx.run(
        "select pg_advisory_xact_lock(hashtextextended('referral/' || id, 0))"
        " from referral.referral where id = :referral",
        referral=referral,
    )


async def fetch(tx: Tx, referral: UUID) -> Row:
    """The facts a move needs, or NotFound: it is not there, or not for this caller."""
    tx.asked.append(referral)
    found = await tx.rows(
        "select r.id, r.subject, r.agency as referrer, r.receiver, r.children, m.number, m.status,"
        " (select p.passed_to from referral.move p where p.referral = r.id and p.passed_to is not null"
        " order by p.number desc limit 1) as passed_to"
        " from referral.referral r cross join lateral (select number, status from referral.move m"
        " where m.referral = r.id order by number desc limit 1) m where r.id = :referral",
        referral=referral,
    )
    if not found:
        raise NotFound
    return found[0]
