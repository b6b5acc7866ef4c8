"""The rules of retention, by themselves: how long, until which day, and what holds what together."""

from datetime import date, timedelta
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as some

from gateway.retention.proposing import (
    Case,
    ErasureFate,
    Hold,
    KeepingGround,
    Kept,
    propose,
    without_their_parts,
)
from gateway.retention.schedule import CATEGORIES, DEFAULTS, Rule, kept_until, years_after
from hub.sharing import Category

DAYS = some.dates(date(1960, 1, 1), date(2060, 1, 1))
YEARS = some.integers(0, 100)
RULES = {rule.category: rule for rule in DEFAULTS}


def case(**more: object) -> Case:
    """A person asks, long after everything."""
    facts: dict[str, object] = {
        "covered": frozenset[UUID](),
        "today": date(2026, 11, 22),
        "contact": date(2026, 11, 1),
        "born": {},
        "holds": [],
        "rules": RULES,
        "asked": True,
    }
    return Case(**{**facts, **more})  # pyright: ignore[reportArgumentType]  # facts of one test


def test_every_category_has_a_rule_with_a_source_and_words() -> None:
    assert set(CATEGORIES) >= {category.value for category in Category}
    assert all(rule.source and rule.words for rule in DEFAULTS)


@given(DAYS, DAYS, YEARS, YEARS)
def test_keeps_until_the_later_of_both(contact: date, born: date, after: int, birthday: int) -> None:
    rule = Rule("x", after, birthday, on_request=False, source="s", words="w")
    until = kept_until(rule, contact, born)
    assert until == max(years_after(contact, after), years_after(born, birthday))


@given(DAYS, YEARS)
def test_a_year_is_a_year_from_the_29th_of_february_too(day: date, years: int) -> None:
    assert abs(years_after(day, years) - day - timedelta(days=365.25 * years)) < timedelta(days=3)


@given(some.sampled_from(CATEGORIES), some.booleans(), some.booleans())
def test_a_hold_keeps_whatever_the_rules_say(category: str, asked: bool, own: bool) -> None:
    one = Kept("referral", "x", uuid4(), uuid4(), category, "oakfield")
    held = case(contact=date(1950, 1, 1), asked=asked, holds=[Hold(KeepingGround.SAFEGUARDING, None)])
    proposal = propose(held, [one], frozenset({one.record} if own else ()))[one.record]
    assert (proposal.fate, proposal.ground) == (ErasureFate.KEEP, KeepingGround.SAFEGUARDING)


@given(some.lists(some.tuples(some.sampled_from(CATEGORIES), some.integers(0, 5)), min_size=1, max_size=8))
def test_nothing_is_proposed_to_go_from_under_what_stays(shape: list[tuple[str, int]]) -> None:
    records: list[Kept] = []
    for category, above in shape:
        under = (records[above % len(records)].record,) if records else ()
        records.append(Kept("assessment", "x", uuid4(), uuid4(), category, "a", None, under))
    own = frozenset(one.record for one in records)
    proposals = propose(case(), records, own)
    assert without_their_parts(records, {key: one.fate for key, one in proposals.items()}) == []


def test_what_rests_on_their_wish_goes_when_they_ask_and_not_before_its_time() -> None:
    one = Kept("assessment", "section", uuid4(), uuid4(), "finance_benefits", "charity")
    own = frozenset({one.record})
    assert propose(case(), [one], own)[one.record].fate is ErasureFate.ERASE
    kept = propose(case(asked=False), [one], own)[one.record]
    assert (kept.fate, kept.until) == (ErasureFate.KEEP, date(2028, 11, 1))
