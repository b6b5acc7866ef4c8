"""A service judged: its score, why it fits, and what does not."""

from collections.abc import Sequence
from datetime import date

from services.directory.rules.fit import needs, reach, room
from services.directory.rules.fit.barriers import barriers
from services.directory.rules.fit.weights import score
from services.directory.rules.needs import Need
from services.directory.schemas import Facts, FitReason, Match, MatchAsked

FOR = ("fits", "partly")


def judge(asked: MatchAsked, wanted: Sequence[Need], facts: Facts, today: date) -> Match:
    """How well a service fits what was asked, counted from `today`."""
    reasons = _reasons(asked, wanted, facts, today)
    return Match(
        score=score(reasons),
        has_room=room.has_room(facts),
        why=[one for one in reasons if one.verdict in FOR],
        why_not=[one for one in reasons if one.verdict not in FOR],
    )


def _reasons(asked: MatchAsked, wanted: Sequence[Need], facts: Facts, today: date) -> list[FitReason]:
    """What counts most comes first."""
    found = (
        needs.need(wanted, facts),
        room.room(facts, today),
        reach.place(asked.postcode is not None, facts),
        needs.age(asked.ages, facts),
        reach.when(asked.times, facts),
        *barriers(asked.barriers, asked.languages, facts),
    )
    return [one for one in found if one is not None]
