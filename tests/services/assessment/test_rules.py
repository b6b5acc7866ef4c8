"""When may it happen: the rules, over everything that could be asked of them."""

from datetime import UTC, date, datetime
from itertools import pairwise
from typing import TypeVar
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.sharing import Category
from services.assessment.models.assessments import AssessmentStatus
from services.assessment.models.plans import ActionStatus, PlanStatus
from services.assessment.rules import assessments, engagements, family, plans
from services.assessment.rules.frameworks import FRAMEWORKS, DimensionUnknown, category_of
from services.assessment.schemas.frameworks import Framework

moments = st.datetimes(timezones=st.just(UTC))
people = st.lists(st.uuids(), max_size=4)
S = TypeVar("S")


def reachable(moves: dict[S, frozenset[S]], start: S) -> set[S]:
    """Every status a record can come to."""
    seen, fresh = {start}, {start}
    while fresh:
        fresh = {there for here in fresh for there in moves[here]} - seen
        seen |= fresh
    return seen


def test_every_status_has_moves_and_can_be_reached() -> None:
    assert reachable(assessments.MOVES, AssessmentStatus.DRAFT) == set(AssessmentStatus)
    assert reachable(plans.MOVES, PlanStatus.DRAFT) == set(PlanStatus)
    assert reachable(plans.ACTION_MOVES, ActionStatus.OPEN) == set(ActionStatus)


@given(st.lists(st.sampled_from(AssessmentStatus), max_size=12))
def test_an_assessment_only_ever_goes_forward(wished: list[AssessmentStatus]) -> None:
    been = [AssessmentStatus.DRAFT]
    for there in wished:
        try:
            assessments.check_move(been[-1], there)
        except assessments.AssessmentMoveNotAllowed:
            continue
        been.append(there)
    order = list(AssessmentStatus)
    assert all(order.index(b) == order.index(a) + 1 for a, b in pairwise(been))


@given(st.lists(st.sampled_from(PlanStatus), max_size=20))
def test_a_plan_is_agreed_before_it_is_active_and_closed_for_good(wished: list[PlanStatus]) -> None:
    been = [PlanStatus.DRAFT]
    for there in wished:
        try:
            plans.check_move(been[-1], there)
        except plans.PlanMoveNotAllowed:
            continue
        been.append(there)
    assert PlanStatus.ACTIVE not in been or PlanStatus.AGREED_WITH_FAMILY in been
    assert PlanStatus.CLOSED not in been[:-1]


@given(st.sampled_from(ActionStatus), st.sampled_from(ActionStatus))
def test_an_action_is_settled_once(here: ActionStatus, there: ActionStatus) -> None:
    if here is ActionStatus.OPEN and there is not ActionStatus.OPEN:
        plans.check_action_move(here, there)
    else:
        with pytest.raises(plans.ActionMoveNotAllowed):
            plans.check_action_move(here, there)


@given(st.sampled_from(AssessmentStatus))
def test_what_the_family_has_reviewed_is_not_added_to(here: AssessmentStatus) -> None:
    if here in {AssessmentStatus.DRAFT, AssessmentStatus.IN_PROGRESS}:
        assessments.check_open(here)
    else:
        with pytest.raises(assessments.AssessmentNotOpen):
            assessments.check_open(here)


@given(st.sampled_from(PlanStatus))
def test_a_plan_that_is_closing_is_not_added_to(here: PlanStatus) -> None:
    if here in {PlanStatus.CLOSING, PlanStatus.CLOSED}:
        with pytest.raises(plans.PlanNotOpen):
            plans.check_open(here)
    else:
        plans.check_open(here)


@given(st.none() | moments, st.none() | moments)
def test_the_last_word_decides(agreed: datetime | None, ended: datetime | None) -> None:
    if agreed is not None and (ended is None or agreed > ended):
        engagements.check_agreed(agreed, ended)
    else:
        with pytest.raises(engagements.FamilyHasNotAgreed):
            engagements.check_agreed(agreed, ended)


@given(st.dates(), st.dates())
def test_a_plan_ends_after_it_starts(starts: date, target_end: date) -> None:
    if target_end > starts:
        plans.check_dates(starts, target_end)
    else:
        with pytest.raises(engagements.EndsBeforeItBegins):
            plans.check_dates(starts, target_end)


@given(st.uuids(), people, people, st.data())
def test_a_record_is_about_those_it_names(
    household: UUID, children: list[UUID], adults: list[UUID], data: st.DataObject
) -> None:
    named = [household, *children, *adults]
    family.check_belongs(data.draw(st.sampled_from(named)), household, children, adults)
    stranger = data.draw(st.uuids().filter(lambda one: one not in named))
    with pytest.raises(family.NotOfThisFamily):
        family.check_belongs(stranger, household, children, adults)


@given(st.uuids(), people, people)
def test_one_id_stands_for_one_thing(household: UUID, children: list[UUID], adults: list[UUID]) -> None:
    groups: tuple[set[UUID], ...] = ({household}, set(children), set(adults))
    if len(set[UUID]().union(*groups)) == sum(len(group) for group in groups):
        family.check_family(household, children, adults)
    else:
        with pytest.raises(family.NamedAsChildAndAdult):
            family.check_family(household, children, adults)


@given(st.sampled_from(Category), st.none() | st.just("I like school."))
def test_a_childs_words_are_never_under_another_category(category: Category, words: str | None) -> None:
    if (category is Category.WISHES) == (words is not None):
        assessments.check_words(category, words)
    else:
        with pytest.raises(assessments.ChildsWordsStandAlone):
            assessments.check_words(category, words)


DIMENSIONS = sorted({d.code for f in FRAMEWORKS for domain in f.domains for d in domain.dimensions})


@given(st.sampled_from(FRAMEWORKS), st.sampled_from(DIMENSIONS), st.none() | st.sampled_from(Category))
def test_a_category_given_wins_over_the_dimensions_own(
    framework: Framework, dimension: str, category: Category | None
) -> None:
    own = framework.dimension(dimension)
    if own is None:
        with pytest.raises(DimensionUnknown):
            category_of(framework, dimension, category)
    else:
        assert category_of(framework, dimension, category) is (category or own.category)
