"""What the assessment service shows of a household's case, in its own words."""

import strawberry

from gateway.graphql.shape import shape


@shape
class Engagement:
    """The family's agreement to take part in early help, and its end."""

    engagement: strawberry.ID
    household: strawberry.ID | None
    given_by: str | None
    capacity: str | None
    reasoning: str | None
    method: str | None
    given_on: str | None
    words_shown: str | None
    by: str | None
    at: str | None
    ended_on: str | None
    end_reason: str | None


@shape
class Worry:
    """One thing somebody worries about, and whether it is known or thought."""

    text: str | None
    standing: str | None


@shape
class Section:
    """What one agency contributed about one subject, in one sharing category."""

    section: strawberry.ID
    assessment: strawberry.ID | None
    household: strawberry.ID | None
    subject: strawberry.ID | None
    category: str | None
    dimension: str | None
    strengths: str | None
    worries: list[Worry] | None
    words_of_the_child: str | None
    by: str | None
    at: str | None


@shape
class Assessment:
    """A family's needs and strengths, looked at together in one framework."""

    assessment: strawberry.ID
    household: strawberry.ID | None
    framework: str | None
    framework_version: str | None
    lead_practitioner: str | None
    children: list[strawberry.ID] | None
    adults: list[strawberry.ID] | None
    started: str | None
    by: str | None
    at: str | None
    status: str | None
    sections: list[Section] | None


@shape
class Action:
    """What one agency will do towards a goal, and by when."""

    action: strawberry.ID
    plan: strawberry.ID | None
    goal: strawberry.ID | None
    subject: strawberry.ID | None
    text: str | None
    owner: str | None
    due: str | None
    by: str | None
    at: str | None
    status: str | None


@shape
class Goal:
    """Where one child, adult or the family is to get to, and from where."""

    goal: strawberry.ID
    plan: strawberry.ID | None
    subject: strawberry.ID | None
    area: str | None
    text: str | None
    baseline: str | None
    target: str | None
    by: str | None
    at: str | None
    actions: list[Action] | None


@shape
class Offer:
    """A service of the local directory, offered to somebody in the family."""

    offer: strawberry.ID
    plan: strawberry.ID | None
    subject: strawberry.ID | None
    service: str | None
    name: str | None
    source: str | None
    why: str | None
    by: str | None
    at: str | None


@shape
class Plan:
    """What everybody will do for one family, siblings included."""

    plan: strawberry.ID
    household: strawberry.ID | None
    assessment: strawberry.ID | None
    tier: str | None
    starts: str | None
    target_end: str | None
    lead_practitioner: str | None
    children: list[strawberry.ID] | None
    adults: list[strawberry.ID] | None
    by: str | None
    at: str | None
    status: str | None
    goals: list[Goal] | None
    offers: list[Offer] | None


@shape
class Minute:
    """What one agency minuted of a meeting."""

    minute: strawberry.ID
    meeting: strawberry.ID | None
    text: str | None
    decision: str | None
    by: str | None
    at: str | None


@shape
class Meeting:
    """Agencies coming together about one family."""

    meeting: strawberry.ID
    household: strawberry.ID | None
    starts_at: str | None
    venue: str | None
    private_room: bool | None
    agencies: list[str] | None
    by: str | None
    at: str | None
    minutes: list[Minute] | None


@shape
class FromAssessment:
    """The assessment service's part of a case."""

    engagements: list[Engagement] | None
    assessments: list[Assessment] | None
    sections: list[Section] | None
    plans: list[Plan] | None
    goals: list[Goal] | None
    actions: list[Action] | None
    offers: list[Offer] | None
    meetings: list[Meeting] | None
    minutes: list[Minute] | None
