"""Of why somebody is not seen each is told what it may know, and of nobody else's reasons a word."""

import pytest

from deploy.demo.partnership import EARLY_HELP, HOUSING, MASH, OAKFIELD
from tests.hub.explaining import CATEGORY, Case, known_case
from tests.people import Room, a_family, share


@pytest.fixture
async def case(room: Room) -> Case:
    """A school's family, known to the early help team."""
    return await known_case(room)


async def test_tells_who_recorded_a_restriction_and_nobody_else_of_it(case: Case) -> None:
    """Two agencies work with the family. Only one of them knows why housing does not see it."""
    await case.give()
    by, other = case.room[OAKFIELD], case.room[MASH]
    await share(by, MASH, [case.family.household], ["existence"])
    nothing = (await other.get("/sharing/explain", params=case.asked())).json()
    assert not nothing["visible"], "who else works with them is not asked here"
    await case.restrict(kind="no_contact_order", court_reference="NS26F00123")
    ours, theirs = await case.explained(), await case.explained(MASH)
    assert ours["reasons"][0]["words"].startswith(
        "A no-contact order (NS26F00123) hides this from Northshire Housing"
    )
    never_shared = await case.explained(MASH, category="finance_benefits")
    assert theirs["reasons"] == never_shared["reasons"]


async def test_is_the_same_word_for_word_where_nothing_is_shared(case: Case) -> None:
    """A restriction of somebody else's leaves not a byte of difference."""
    unshared = await a_family(case.room)
    await share(case.room[OAKFIELD], EARLY_HELP, [unshared.household], ["existence"])
    await share(case.room[OAKFIELD], HOUSING, [case.family.household], [CATEGORY])
    await case.restrict(OAKFIELD)
    hidden = await case.room[EARLY_HELP].get("/sharing/explain", params=case.asked())
    nothing = await case.room[EARLY_HELP].get("/sharing/explain", params=Case(case.room, unshared).asked())
    assert hidden.text == nothing.text.replace(str(unshared.household), str(case.family.household))


async def test_says_of_what_is_about_a_person_that_the_record_opens_with_their_name(room: Room) -> None:
    family = await a_family(room)
    await share(room[OAKFIELD], EARLY_HELP, [family.child], ["existence", "identity_contact"])
    await share(room[EARLY_HELP], HOUSING, [family.child], ["education_attendance"])
    case = Case(room, family)
    asked = {"subject": str(family.child), "category": "education_attendance"}
    assert (await room[HOUSING].get(f"/referral/people/{family.child}")).status_code == 404
    [nameless] = (await case.explained(**asked))["reasons"]
    assert nameless["words"].endswith(
        " It is seen within the family's case; the person's own record opens once who they are is shared"
        " with Northshire Housing."
    )
    await share(room[EARLY_HELP], HOUSING, [family.child], ["identity_contact"])
    assert (await room[HOUSING].get(f"/referral/people/{family.child}")).status_code == 200
    [named] = (await case.explained(**asked))["reasons"]
    assert nameless["words"].startswith(named["words"])
    assert named["words"] != nameless["words"]


async def test_what_somebody_hides_is_not_given_away_by_the_list_of_decisions(case: Case) -> None:
    """Early help asks about itself: what it is told, and the decisions in its favour, are of one piece."""
    room, subject = case.room, case.family.household
    decision = await share(room[OAKFIELD], EARLY_HELP, [subject], ["housing_tenancy", CATEGORY])
    only = await share(room[OAKFIELD], EARLY_HELP, [subject], ["housing_tenancy"], reason="Once more.")
    await case.restrict(OAKFIELD, hidden_from=EARLY_HELP.id, categories=["housing_tenancy"])
    said = await case.explained(agency=EARLY_HELP.id, category="housing_tenancy")
    never = await case.explained(agency=EARLY_HELP.id, category="finance_benefits")
    assert said["reasons"] == never["reasons"]
    assert (
        said["reasons"][0]["words"]
        == "Nothing that your agency may know of lets Northshire Early Help see this now."
    )
    page = (await room[EARLY_HELP].get("/sharing/decisions", params={"subject": str(subject)})).text
    assert "housing_tenancy" not in page
    assert (decision in page, only in page) == (True, False)
    assert "housing_tenancy" not in (await room[EARLY_HELP].get(f"/sharing/decisions/{decision}")).text
    assert (await room[EARLY_HELP].get(f"/sharing/decisions/{only}")).status_code == 404
    ours = (await room[OAKFIELD].get("/sharing/decisions", params={"subject": str(subject)})).text
    assert only in ours
