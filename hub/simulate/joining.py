"""If this agency joined, what would it see? As far as the asker may know, and under the rules as they are.

What is supposed is recorded in a savepoint, so that PostgreSQL puts it in force or refuses it. What follows
is read there, of what the asker may know of (hub.explain.told); then everything is undone: rows, events,
notices and locks. Nothing but the asking itself is left, as a disclosure.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import UUID, uuid4

from hub.caller import AgencyId
from hub.counting import RecordCount
from hub.database import Tx
from hub.explain import Asked, Explanation, Told, look_as_told
from hub.problem import Problem
from hub.sharing import AgencyUnknown, Basis, Category, DecisionId, Event
from hub.sharing.agreements import Agreement, AgreementTerm, draft
from hub.sharing.decisions import require_backing
from hub.sharing.history import append
from hub.sharing.ledger import require_involvement
from hub.sharing.recipients import TYPE, Recipient, agency_of, require_recipient, require_team
from hub.simulate.supposed import NotRecorded, Question, SeenOf, Supposed, SupposedAgreement, WouldSee

PATIENCE = "set local lock_timeout = '1s'"  # whoever withdraws goes first, and nobody waits for a question
MOST_AGENCIES = 20
AS_FAR_AS_KNOWN = "Unless something hides it that your agency may not know of."
IN_THE_NAME_OF = "select set_config('hub.agency', :agency, true)"

Place = tuple[UUID, Category, AgencyId]


@dataclass
class _Found:
    """What the savepoint leaves behind: what the asker may know, before and after; what was refused."""

    now: Told
    then: Told
    refused: list[NotRecorded] = field(default_factory=list[NotRecorded])


class _Undo(Exception):
    """Ends the savepoint."""


async def would_see(
    tx: Tx, question: Question, counts: Sequence[RecordCount]
) -> tuple[list[WouldSee], list[NotRecorded]]:
    """What each agency that the question names would see of what the asker wrote or may see (`counts`).

    Raises NotFound for somebody not on the caller's caseload, AgencyUnknown, PartyUnknown.
    """
    agencies = await _agencies(tx, question.agency)
    found = await _found(tx, question, agencies, counts)
    return [_answer(tx, question, agency, counts, found) for agency in agencies], found.refused


async def _found(
    tx: Tx, question: Question, agencies: Sequence[AgencyId], counts: Sequence[RecordCount]
) -> _Found:
    """What is, and what would be, from one savepoint."""
    authors = sorted({tx.known_caller.agency, *(author for count in counts for author in count.authors)})

    async def told() -> Told:
        return await look_as_told(tx, question.subjects, agencies, authors, question.purpose)

    found = _Found(now := await told(), now)
    with suppress(_Undo):
        async with tx.attempt():
            found.refused += await _suppose(tx, question)
            found.then = await told()
            raise _Undo
    return found


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


async def _suppose(tx: Tx, question: Question) -> list[NotRecorded]:
    """Record what is supposed; what the hub would refuse."""
    await tx.run(PATIENCE)
    if question.agreement:
        await _agree(tx, question.agreement)
    refused = list[NotRecorded]()
    ids = sorted(uuid4() for _ in question.decisions)  # what is told of them stands in the order they came in
    for number, decision in enumerate(question.decisions):
        try:
            await _record(tx, question, decision, DecisionId(ids[number]))
        except Problem as refusal:
            detail = refusal.detail or refusal.title()
            refused.append(NotRecorded(number=number, type=refusal.slug(), detail=detail))
    return refused


async def _agree(tx: Tx, supposed: SupposedAgreement) -> None:
    """Draft it, and sign it in every party's name."""
    now = datetime.now(UTC)
    parties = supposed.parties
    term = AgreementTerm(
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
        await tx.run(IN_THE_NAME_OF, agency=party)
        await tx.run(
            "insert into hub.agreement_event (agreement, event, signatory, signed_on)"
            " values (:agreement, 'signed', 'supposed', current_date)",
            agreement=agreement,
        )
    await tx.run(IN_THE_NAME_OF, agency=tx.known_caller.agency)


async def _record(tx: Tx, question: Question, supposed: Supposed, decision: DecisionId) -> None:
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
        "practitioner": tx.known_caller.practitioner or "supposed",
        "court_reference": "supposed" if supposed.basis is Basis.COURT_ORDER else None,
    }
    await append(tx, decision, Event.GIVEN, facts)


def _asked(
    question: Question, agency: AgencyId, subject: UUID, category: Category, author: AgencyId | None = None
) -> Asked:
    team = question.agency.partition("/")[2]
    return Asked(agency, subject, category, question.practitioner, team, author=author)


def _answer(
    tx: Tx, question: Question, agency: AgencyId, counts: Sequence[RecordCount], found: _Found
) -> WouldSee:
    ours = [(s, c, tx.known_caller.agency) for s, c in product(question.subjects, Category)]
    theirs = [(count.subject, count.category, author) for count in counts for author in count.authors]
    places = dict.fromkeys([*ours, *theirs])
    now, then = (
        {place for place in places if told.shows(_asked(question, agency, *place))}
        for told in (found.now, found.then)
    )
    seen = _Seen(agency, counts, now, then, caveat="" if tx.known_caller.oversees else AS_FAR_AS_KNOWN)
    why = {
        category: [found.then.explain(_asked(question, agency, s, category)) for s in question.subjects]
        for category in Category
    }
    return WouldSee(
        agency=agency,
        team=question.agency.partition("/")[2] or None,
        categories=[seen.of(category, why[category]) for category in Category],
    )


@dataclass(frozen=True)
class _Seen:
    """Which places one agency sees now, and would then."""

    agency: AgencyId
    counts: Sequence[RecordCount]
    now: set[Place]
    then: set[Place]
    caveat: str

    def of(self, category: Category, why: Sequence[Explanation]) -> SeenOf:
        """What that comes to in one category."""
        ours = [count for count in self.counts if count.category == category]
        then, now = (sum(c.records for c in ours if _shows(s, c)) for s in (self.then, self.now))
        words = [reason.words for each in why for reason in each.reasons]
        sees = any(what == category for _, what, _ in self.then)
        return SeenOf(
            category=category,
            sees=sees,
            records=then,
            records_now=now,
            records_hidden=sum(count.records for count in ours) - then,
            why=list(dict.fromkeys([*words, self.caveat] if sees and self.caveat else words)),
        )


def _shows(seen: set[Place], count: RecordCount) -> bool:
    """A record shows if it would as anybody's whom it belongs to."""
    return any((count.subject, count.category, author) in seen for author in count.authors)
