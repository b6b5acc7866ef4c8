"""What is proposed to be shown never says who somebody else is, whatever stands round it."""

import json

from hypothesis import given
from hypothesis import strategies as st

from gateway.rights.proposals import Asked, CopyFate, Exemption, Record, propose

FATHER = Asked(
    subjects=frozenset({"f", "h"}),
    own_names=frozenset({"bartholomew"}),
    others=frozenset({"Wilhelmina", "77 Marigold Wynd"}),
    people=frozenset({"m", "c"}),
    sealed=frozenset({"m", "c"}),
)
WORDS = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"]), max_size=30)
NAMES = st.sampled_from(["Wilhelmina", "WILHELMINA", "77 marigold  Wynd", "[sealed]"])


@given(WORDS, NAMES, WORDS, st.sampled_from(["referrals", "minutes", "sections", "goals"]))
def test_no_name_or_address_of_another_is_shown(before: str, name: str, after: str, part: str) -> None:
    text = f"{before} {name} {after}"
    nested = {"text": text, "worries": [{"text": text}], "children": ["c"], "household": "h"}
    proposal = propose(FATHER, Record(part, "meeting_minutes", nested))
    assert (proposal.decision, name in json.dumps(proposal.redacted)) == (CopyFate.REDACT, False)
    assert proposal.redacted["children"] == ["[another person]"]


@given(st.sampled_from(["identities", "concerns", "sections", "addresses"]), WORDS)
def test_nothing_of_a_record_about_another_is_shown(part: str, words: str) -> None:
    category = {"addresses": "home_address"}.get(part, "family_household")
    proposal = propose(FATHER, Record(part, category, {"person": "m", "text": words}))
    assert proposal.decision is not CopyFate.RELEASE
    assert proposal.exemption is Exemption.THIRD_PARTY
    assert dict(proposal.redacted) in ({}, {"about": "[another person]"})


def test_ones_own_record_is_released_whole() -> None:
    own = {"person": "f", "given_name": "Bartholomew"}
    assert propose(FATHER, Record("identities", "identity_contact", own)).decision is CopyFate.RELEASE


def test_who_told_us_of_a_concern_is_taken_out() -> None:
    told = {"person": "f", "narrative": "He shouted.", "raised_by": "a-school", "reporter_role": "neighbour"}
    shown = propose(FATHER, Record("concerns", "safeguarding_concern", told)).redacted
    assert (shown["raised_by"], shown["reporter_role"], shown["narrative"]) == (
        *["[redacted]"] * 2,
        "He shouted.",
    )


def test_a_sealed_address_of_ones_own_is_withheld() -> None:
    sealed = propose(FATHER, Record("addresses", "home_address", {"person": "f", "lines": ["[sealed]"]}))
    assert (sealed.decision, sealed.exemption) == (CopyFate.WITHHOLD, Exemption.SERIOUS_HARM)
