"""What an edit is, whose word stands, and which mailbox is somebody's own: the rules alone."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.directory.rules.contacts import is_personal
from services.directory.rules.edits import FIELDS, Precedence, differences, precedence, same

VALUES = st.one_of(st.none(), st.text(max_size=3), st.integers(0, 3), st.lists(st.integers(0, 2), max_size=2))


@given(VALUES, VALUES, VALUES)
def test_an_edit_stands_until_its_source_says_the_same_and_no_pull_ever_settles_it_wrongly(
    source: Any, local: Any, brought: Any
) -> None:
    found = precedence(source, local, brought)
    assert (found is Precedence.SETTLED) == (same(brought) == same(local))
    assert (found is Precedence.CONFLICT) == (same(brought) != same(local) and same(brought) != same(source))
    assert precedence(brought, local, brought) is not Precedence.CONFLICT


@given(st.dictionaries(st.sampled_from(FIELDS), VALUES), st.dictionaries(st.sampled_from(FIELDS), VALUES))
def test_differences_lead_from_one_to_the_other_and_back(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    there = {**before, **{field: change["becomes"] for field, change in differences(before, after).items()}}
    assert differences(there, after) == {}
    back = {**after, **{field: change["was"] for field, change in differences(before, after).items()}}
    assert differences(back, before) == {}


@pytest.mark.parametrize(
    ("name", "email", "personal"),
    [
        ("Sky Synthetic", "sky.synthetic@example.org", True),
        ("Sky Synthetic", "ssynthetic@example.org", True),
        ("Skŷ Synthétic", "synthetic@example.org", True),
        ("S S", "sky.synthetic@example.org", True),
        ("Sky Synthetic", "office@example.org", False),
        ("Sky Synthetic", "front.desk@example.org", False),
        ("Front desk", "frontdesk@example.org", False),
        ("Sky Synthetic", None, False),
        (None, "sky.synthetic@example.org", False),
    ],
)
def test_a_persons_own_mailbox_under_their_name_is_for_colleagues(
    name: str | None, email: str | None, *, personal: bool
) -> None:
    assert is_personal(name, email) is personal
