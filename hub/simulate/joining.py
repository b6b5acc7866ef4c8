"""If this agency joined, what would it see? PostgreSQL answers by its own policy, in a savepoint.

What is supposed is recorded there, the row policy is asked of probes, and everything is undone: rows, events,
notices and locks. Nothing but the asking itself is left, as a disclosure.
"""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import UUID, uuid4

from hub.caller import AgencyId
from hub.counting import Count
from hub.database import Tx
from hub.explain import Asked, Explanation, explain_all
from hub.problem import Problem
from hub.sharing import AgencyUnknown, Basis, Category, DecisionId, Event
from hub.sharing.agreements import Agreement, Term, draft
from hub.sharing.decisions import require_backing
from hub.sharing.history import append
from hub.sharing.ledger import require_involvement
from hub.sharing.recipients import TYPE, Recipient, agency_of, require_recipient, require_team
from hub.simulate.supposed import NotRecorded, Question, SeenOf, Supposed, SupposedAgreement, WouldSee

PATIENCE = "set local lock_timeout = '1s'"  # whoever withdraws goes first, and nobody waits for a question
MOST_AGENCIES = 20

PROBES = """
insert into hub.event (type, subject, category, about)
select 'simulation.probe', s, c, :probe
from unnest(cast(:subjects as uuid[]), cast(:categories as text[])) places(s, c)"""
SEEN = "select subject, category, agency from hub.event where about = :probe"
AS_IF = """
select set_config('hub.agency', :agency, true), set_config('hub.audience', :audience, true),
  set_config('hub.practitioner', :practitioner, true), set_config('hub.purpose', :purpose, true),
  set_config('hub.oversight', :oversight, true)"""


Place = tuple[UUID, str, str]


@dataclass
class _Found:
    """What the savepoint leaves behind: verdicts in memory."""

    now: dict[AgencyId, set[Place]] = field(default_factory=dict[AgencyId, set[Place]])
    then: dict[AgencyId, set[Place]] = field(default_factory=dict[AgencyId, set[Place]])
    why: dict[AgencyId, list[Explanation]] = field(default_factory=dict[AgencyId, list[Explanation]])
    refused: list[NotRecorded] = field(default_factory=list[NotRecorded])


class _Undo(Exception):
    """Ends the savepoint."""


async def would_see(
    tx: Tx, question: Question, counts: Sequence[Count]
) -> tuple[list[WouldSee], list[NotRecorded]]:
    """What each agency that the question names would see of what the asker wrote or may see (`counts`).

    Raises NotFound for somebody not on the caller's caseload, AgencyUnknown, PartyUnknown.
    """
    agencies = await _agencies(tx, question.agency)
    await explain_all(tx, [_asked(question, agencies[0], s, Category.EXISTENCE) for s in question.subjects])
    found = _Found()
    places = {(c.subject, c.category, author) for c in counts for author in c.authors}
    places |= {(s, c, tx.known_caller.agency) for s, c in product(question.subjects, Category)}
    with suppress(_Undo):
        async with tx.attempt():
            await _suppose(tx, question, agencies, places, found)
            raise _Undo
    return [_answer(question, agency, counts, found) for agency in agencies], found.refused


async def _agencies(tx: Tx, recipient: Recipient) -> list[AgencyId]:
    if not recipient.startswith(TYPE):
        await require_known(tx, AgencyId(agency_of(recipient)))
        await require_team(tx, recipient)
        return [AgencyId(agency_of(recipient))]
    rows = await tx.rows(
        "select id from hub.agency where type = :kind and active and id <> current_setting('hub.agency')"
        " order by id limit :most",
        kind=recipient.removeprefix(TYPE),
        most=MOST_AGENCIES,
    )
    if not rows:
        raise AgencyUnknown(f"No agency of this partnership is of {recipient}.")
    return [AgencyId(row["id"]) for row in rows]


async def require_known(tx: Tx, agency: AgencyId) -> None:
    """Refuse what is no agency of this partnership (AgencyUnknown)."""
    if not await tx.value("select true from hub.agency where id = :agency", agency=agency):
        raise AgencyUnknown(f"{agency} is not an agency of this partnership.")


async def _suppose(
    tx: Tx, question: Question, agencies: Sequence[AgencyId], places: Collection[Place], found: _Found
) -> None:
    """Everything between the savepoint and its undoing."""
    await tx.run(PATIENCE)
    probe = uuid4()
    for author in {author for _, _, author in places}:
        await tx.run("select set_config('hub.agency', :author, true)", author=author)
        subjects, categories = zip(*((s, c) for s, c, by in places if by == author), strict=True)
        await tx.run(PROBES, probe=probe, subjects=list(subjects), categories=list(categories))
    for agency in agencies:
        found.now[agency] = await _seen_by(tx, question, agency, probe)
    await _as_ourselves(tx)
    if question.agreement:
        await _agree(tx, question.agreement)
    for number, decision in enumerate(question.decisions):
        try:
            await _record(tx, question, decision)
        except Problem as refusal:
            found.refused.append(
                NotRecorded(number=number, type=refusal.slug(), detail=refusal.detail or refusal.title())
            )
    await tx.run("select set_config('hub.purpose', :purpose, true)", purpose=question.purpose)
    for agency in agencies:
        asked = [_asked(question, agency, s, c) for s, c in product(question.subjects, Category)]
        found.why[agency] = await explain_all(tx, asked)
    for agency in agencies:
        found.then[agency] = await _seen_by(tx, question, agency, probe)


async def _seen_by(tx: Tx, question: Question, agency: AgencyId, probe: UUID) -> set[Place]:
    """What the row policy shows to this agency, for the purpose of the question."""
    team = question.agency.partition("/")[2]
    await tx.run(
        AS_IF,
        agency=agency,
        audience=f"{agency}+{agency}/{team}" if team else agency,
        practitioner=question.practitioner,
        purpose=question.purpose,
        oversight="",
    )
    return await _seen(tx, probe)


async def _as_ourselves(tx: Tx) -> None:
    caller = tx.known_caller
    await tx.run(
        AS_IF,
        agency=caller.agency,
        audience=",".join(caller.everyone_who_sees()),
        practitioner=caller.practitioner or "",
        purpose=caller.purpose or "",
        oversight="on" if caller.oversees else "",
    )


async def _seen(tx: Tx, probe: UUID) -> set[Place]:
    return {(row["subject"], row["category"], row["agency"]) for row in await tx.rows(SEEN, probe=probe)}


async def _agree(tx: Tx, supposed: SupposedAgreement) -> None:
    """Draft it, and sign it in every party's name."""
    now = datetime.now(UTC)
    parties = supposed.parties
    term = Term(
        disclosers=parties, receivers=parties, categories=supposed.categories, purposes=supposed.purposes
    )
    agreement = await draft(
        tx,
        Agreement(
            title="Supposed",
            dpia_reference="none",
            parties=parties,
            starts=now - timedelta(minutes=1),
            expires=now + timedelta(days=365),
            terms=[term],
        ),
    )
    for party in sorted(set(parties)):
        await tx.run("select set_config('hub.agency', :party, true)", party=party)
        await tx.run(
            "insert into hub.agreement_event (agreement, event, signatory, signed_on)"
            " values (:agreement, 'signed', 'supposed', current_date)",
            agreement=agreement,
        )
    await _as_ourselves(tx)


async def _record(tx: Tx, question: Question, supposed: Supposed) -> None:
    """Put it in force, under the rules that `decide` keeps."""
    purpose = supposed.purpose or question.purpose
    subjects = supposed.subjects or list(question.subjects)
    await require_recipient(tx, supposed.agency)
    await require_involvement(tx, subjects)
    await require_backing(tx, supposed.agency, supposed.categories, purpose, supposed.basis, supposed.starts)
    facts = {
        "agency": supposed.agency,
        "purpose": purpose,
        "basis": supposed.basis,
        "categories": [category.value for category in dict.fromkeys(supposed.categories)],
        "subjects": list(dict.fromkeys(subjects)),
        "starts": supposed.starts,
        "ends": supposed.ends,
        "reason": "supposed",
        "given_by": "supposed" if supposed.basis is Basis.AGREEMENT else None,
        "detriment_test": None,
    }
    await append(tx, DecisionId(uuid4()), Event.GIVEN, facts)


def _asked(question: Question, agency: AgencyId, subject: UUID, category: Category) -> Asked:
    return Asked(agency, subject, category, question.practitioner, question.agency.partition("/")[2])


def _answer(question: Question, agency: AgencyId, counts: Sequence[Count], found: _Found) -> WouldSee:
    why: Mapping[Category, list[Explanation]] = {category: [] for category in Category}
    for explained in found.why[agency]:
        why[Category(explained.category)].append(explained)
    return WouldSee(
        agency=agency,
        team=question.agency.partition("/")[2] or None,
        categories=[_seen_of(agency, c, counts, found, why[c]) for c in Category],
    )


def _seen_of(
    agency: AgencyId,
    category: Category,
    counts: Sequence[Count],
    found: _Found,
    why: Sequence[Explanation],
) -> SeenOf:
    ours = [count for count in counts if count.category == category]
    then, now = (
        sum(c.records for c in ours if _shows(s, c)) for s in (found.then[agency], found.now[agency])
    )
    return SeenOf(
        category=category,
        sees=any(what == category for _, what, _ in found.then[agency]),
        records=then,
        records_now=now,
        records_hidden=sum(count.records for count in ours) - then,
        why=list(dict.fromkeys(reason.words for each in why for reason in each.reasons)),
    )


def _shows(seen: set[Place], count: Count) -> bool:
    """A record shows if it would as anybody's whom it belongs to."""
    return any((count.subject, count.category, author) in seen for author in count.authors)
