"""Sealing: a person's address, school and whereabouts are for the named alone, in records and in free text.

The records are hidden by a restriction; the text is looked for in every answer by `hub.seals`. Whoever is
not named is not told: neither the agency that seals nor the one that wrote the text down, unless named.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from pydantic import Field

from hub.caller import AgencyId, Purpose
from hub.database import Tx
from hub.heard import Heard, Until
from hub.problem import Problem
from hub.seals.addresses import LONGEST, fragments
from hub.seals.folding import folded
from hub.sharing.restrictions import MOST_AGENCIES, RestrictionKind, hide
from hub.sharing.vocabulary import Basis, Category, DecisionId

OWN_WORDS = frozenset(folded(word) for words in (Category, Purpose, Basis) for word in words)
WHEREABOUTS = (Category.HOME_ADDRESS, Category.ATTENDANCE, Category.SEND, Category.HOUSING)

Fragment = Annotated[str, Field(min_length=1, max_length=LONGEST)]


class TextTooCommon(Problem):
    """This text stands in too many places to be sealed by itself."""

    status = 422


class Seal(Heard):
    """What is sealed about somebody, and who alone may see it."""

    subjects: list[UUID] = Field(min_length=1, max_length=50, description="persons and households")
    named: list[AgencyId] = Field(
        max_length=MOST_AGENCIES, description="the agencies that may see it; empty means nobody"
    )
    text: list[Fragment] = Field(
        min_length=1,
        max_length=40,
        description="address lines, postcode, school, refuge, telephone number: a fragment each, as written;"
        " a school or refuge that is a member by the name `GET /agencies` has, or by its id",
    )
    categories: list[Category] = Field(
        default=list(WHEREABOUTS), max_length=30, description="records hidden too; always the home address"
    )
    kind: RestrictionKind = RestrictionKind.REFUGE
    court_reference: str | None = Field(None, min_length=3, max_length=100)
    reason: str = Field(min_length=3, max_length=2000)
    ends: Until | None = Field(None, description="until when; until it is lifted if left out")


async def seal(tx: Tx, wanted: Seal) -> DecisionId:
    """Seal somebody's whereabouts for everyone not named. Returns the id that a lifting names.

    Raises TextTooCommon for text that would hide half the hub, NotFound, AgencyUnknown,
    CourtReferenceMissing, ConcernsStayVisible.
    """
    sealed = _fragments(wanted.text, await _words(tx))
    sealing = await hide(
        tx,
        named=wanted.named,
        subjects=wanted.subjects,
        categories=sorted({Category.HOME_ADDRESS, *wanted.categories}),
        kind=wanted.kind,
        court_reference=wanted.court_reference,
        reason=wanted.reason,
        ends=wanted.ends,
        sealed=True,
    )
    await tx.run(
        "insert into hub.sealed_text (seal, folded) select :seal, unnest(cast(:folded as text[]))",
        seal=sealing,
        folded=sorted(sealed),
    )
    return sealing


@dataclass(frozen=True)
class _Words:
    """What answers are made of, folded: what agencies are called, and the hub's own words."""

    agencies: frozenset[str]
    own: frozenset[str]


async def _words(tx: Tx) -> _Words:
    rows = await tx.rows("select id, name, type from hub.agency")
    called = {folded(row[what]) for row in rows for what in ("id", "name")}
    return _Words(frozenset(called), OWN_WORDS | {folded(row["type"]) for row in rows})


def _fragments(texts: Iterable[str], words: _Words) -> set[str]:
    """Everything to look for. The refusal points at the text, and does not repeat it."""
    found = [fragments(text) for text in texts]
    errors = [
        {"pointer": f"/text/{number}", "detail": reason}
        for number, one in enumerate(found)
        if (reason := _too_common(one, words))
    ]
    if errors:
        raise TextTooCommon(errors=errors)
    return {fragment for one in found for fragment in one}


def _too_common(sealed: set[str], words: _Words) -> str | None:
    """Why this cannot be sealed by itself. The whole name of an agency, or its id, can."""
    if not sealed:
        return "give two words, a number with a street, or a postcode"
    parts = sealed - words.agencies
    if any(part in word for part in parts for word in words.agencies | words.own):
        return "is part of what an agency or the hub's own words are called: give a whole name, or an id"
    return None
