"""How a decision came about: who said so and how, what they were told, what was weighed, who was asked."""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from hub.heard import Happened, Heard, Line, Words
from hub.problem import Problem
from hub.sharing.givers import Giver, check_giver
from hub.sharing.vocabulary import Basis, Event

Reason = Annotated[str, StringConstraints(min_length=3, max_length=2000, strip_whitespace=True)]


class Method(StrEnum):
    """How they said so."""

    IN_PERSON = "in_person"
    TELEPHONE = "telephone"
    VIDEO = "video"
    WRITTEN = "written"
    ONLINE = "online"


class DetrimentOutcome(StrEnum):
    """What the detriment test came to."""

    DISCLOSE = "disclose"
    WITHHOLD = "withhold"


class AgreementNeedsAGiver(Problem):
    """An agreement names who gave it."""

    status = 422


class DutyNeedsADetrimentTest(Problem):
    """Sharing without agreement records the detriment test."""

    status = 422


class DetrimentTestSaysOtherwise(Problem):
    """The detriment test came to the opposite of what was decided."""

    status = 422


class NotInformedNeedsAReason(Problem):
    """A family that is not told is not told for a reason."""

    status = 422


class DetrimentTest(Heard):
    """Whether sharing does the child more harm than not sharing (Children Act 2004 s.16LA(3))."""

    considered_at: Happened
    by: Line
    outcome: DetrimentOutcome
    reasons: Words


class Circumstances(Heard):
    """What every decision may say of how it came about."""

    given_by: str | None = Field(
        None, min_length=1, max_length=200, description="agreement: who gave it, where `giver` does not say"
    )
    giver: Giver | None = Field(None, description="agreement: who gave or refused it, and by what right")
    method: Method | None = None
    evidence: Words | None = Field(None, description="where the proof is kept: a form, a recording, a note")
    words_shown: Words | None = Field(None, description="the words the family was shown or read")
    language: str | None = Field(
        None, pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", description="of those words"
    )
    informed: bool | None = Field(None, description="whether the family was told")
    not_informed_reason: Words | None = Field(None, description="why telling them was not safe")
    detriment_test: DetrimentTest | Words | None = Field(
        None, description="other bases: why sharing is, or is not, more detrimental to the child"
    )
    advice_sought: Words | None = Field(None, description="from whom, and what they said")

    @property
    def speaker(self) -> str | None:
        """The name of who gave it."""
        return self.giver.name if self.giver else self.given_by

    def kept(self) -> dict[str, Any]:
        """What only people read, as it is stored. Nothing that was not said."""
        said = self.model_dump(
            mode="json",
            exclude_none=True,
            include={
                "method", "evidence", "words_shown", "language", "informed", "not_informed_reason",
                "advice_sought",
            },
        )  # fmt: skip
        if self.giver:
            said |= self.giver.model_dump(mode="json", exclude_none=True, include={"age", "competence"})
        if isinstance(self.detriment_test, DetrimentTest):
            said["detriment_test"] = self.detriment_test.model_dump(mode="json")
        return said

    def weighed(self) -> str | None:
        """The reasons of the detriment test."""
        test = self.detriment_test
        return test.reasons if isinstance(test, DetrimentTest) else test


def check_circumstances(said: Circumstances, event: Event, basis: Basis) -> None:
    """Refuse a decision that does not say what its basis needs (DfE advice, rules 2, 3 and 7).

    Raises AgreementNeedsAGiver, DutyNeedsADetrimentTest, DetrimentTestSaysOtherwise,
    NotInformedNeedsAReason, and what `check_giver` raises.
    """
    if basis is Basis.AGREEMENT and event is Event.GIVEN and not said.speaker:
        raise AgreementNeedsAGiver("Say who gave the agreement in `giver`, or in words in `given_by`.")
    if basis is not Basis.AGREEMENT and not said.detriment_test and event is not Event.PROPOSED:
        raise DutyNeedsADetrimentTest("Say in `detriment_test` why sharing does not do more harm than good.")
    if said.informed is False and not said.not_informed_reason:
        raise NotInformedNeedsAReason("Say in `not_informed_reason` why telling the family was not safe.")
    if said.giver:
        check_giver(said.giver)
    if isinstance(said.detriment_test, DetrimentTest):
        _check_outcome(said.detriment_test, event)


def _check_outcome(test: DetrimentTest, event: Event) -> None:
    wanted = {Event.GIVEN: DetrimentOutcome.DISCLOSE, Event.NOT_SHARED: DetrimentOutcome.WITHHOLD}.get(event)
    if wanted and test.outcome is not wanted:
        raise DetrimentTestSaysOtherwise(f"It says {test.outcome}, and the decision is {event}.")
