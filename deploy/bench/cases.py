"""Which cases are read: those of which the agency that reads may see everything, and a stranger nothing.

So the row policy's price can be told: the administrator, whom it does not bind, reads the very same bytes.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

import asyncpg

from deploy.bench.doors import Door, Question
from deploy.bench.statements import Row, Statement
from deploy.bench.turns import WrongAnswer
from deploy.demo.partnership import Agency

MOST = 100
CANDIDATES = """
select c.subject from hub.caseload c join referral.household h on h.id = c.subject
where c.agency = $1 and c.purpose = 'early_help'
  and exists (select from assessment.assessment a where a.subject = c.subject)
  and not exists (select from hub.share s where s.subject = c.subject and s.agency = $2)
order by c.subject limit 1000"""


@dataclass(frozen=True)
class Case:
    """A household, and its case as the referral service shows it."""

    household: UUID
    body: bytes


async def chosen(
    administrator: asyncpg.Connection,
    reader: Agency,
    stranger: Agency,
    own: Statement,
    every: Statement,
    most: int = MOST,
) -> list[Case]:
    """Cases of the reader's caseload that `own`, under row security, shows as `every` does without."""
    found: list[Case] = []
    async with own.ready() as seen, every.ready() as there:
        for row in await administrator.fetch(CANDIDATES, reader.id, stranger.id):
            values = {"household": row["subject"]}
            shown = body_of(await seen(values))
            if shown and shown == body_of(await there(values)):
                found.append(Case(row["subject"], shown))
            if len(found) == most:
                break
    if not found:
        raise WrongAnswer(f"No case is seen as a whole by {reader.id}: seed more families.")
    return found


def body_of(row: Row) -> bytes | None:
    """What a view's statement shows; None where it shows nothing."""
    return row["body"].encode() if row and row["found"] else None


def in_turn(questions: Sequence[Question], number: int) -> Iterator[Question]:
    """All of them, again and again; another connection begins somewhere else."""
    return itertools.islice(itertools.cycle(questions), number * 7 % len(questions), None)


async def checked(door: Door, questions: Sequence[Question]) -> list[Question]:
    """The questions, each from now on held to the length of the answer that it got here."""
    held: list[Question] = []
    for question in questions:
        reply = await door.ask(question)
        question.check(reply)
        if b'"errors"' in reply.body:
            raise WrongAnswer(f"{question.path.decode()} answered with errors.")
        held.append(question.held_to(reply))
    return held


async def refused(door: Door, real: Question, made_up: Question) -> None:
    """Raise WrongAnswer unless a stranger hears of a real case exactly what is said of one that is not."""
    one, other = await door.ask(real), await door.ask(made_up)
    if one != other or (one.status == 200 and len(one.body) == real.length):
        raise WrongAnswer(f"{real.path.decode()}: a stranger was answered {one.status}.")


def made_up_id() -> UUID:
    """A household that is not there."""
    return uuid4()
