"""What the referral service shows of a household's case, in its own words."""

import strawberry

from gateway.graphql.shape import shape


@shape
class Household:
    """People who live as one family: the subject of a case."""

    household: strawberry.ID
    name: str | None
    opened_by: str | None
    created_at: str | None


@shape
class Identity:
    """Who somebody is, according to one agency."""

    person: strawberry.ID
    given_name: str | None
    family_name: str | None
    date_of_birth: str | None
    sex: str | None
    upn: str | None
    year_group: str | None
    according_to: str | None
    updated_at: str | None


@shape
class Address:
    """Where somebody lives, according to one agency."""

    person: strawberry.ID
    lines: list[str] | None
    postcode: str | None
    according_to: str | None
    updated_at: str | None


@shape
class Attendance:
    """One school year of one pupil, counted in sessions."""

    person: strawberry.ID
    year: str | None
    possible: int | None
    attended: int | None
    authorised: int | None
    unauthorised: int | None
    percentage: float | None
    persistent_absence: bool | None
    according_to: str | None


@shape
class Concern:
    """What somebody noticed about a child."""

    concern: strawberry.ID
    person: strawberry.ID | None
    kind: str | None
    narrative: str | None
    words_of_the_child: str | None
    immediate_action: str | None
    reporter_role: str | None
    school_rag: str | None
    raised_by: str | None
    occurred_at: str | None
    received_at: str | None


@shape
class Move:
    """A referral's step to its next status."""

    referral: strawberry.ID
    number: int | None
    status: str | None
    return_reason: str | None
    feedback: str | None
    by: str | None
    at: str | None


@shape
class Triage:
    """Why a referral was decided as it was. The colour means what its scheme says."""

    referral: strawberry.ID
    scheme: str | None
    rag: str | None
    level_of_need: int | None
    rationale: str | None
    by: str | None
    at: str | None


@shape
class Referral:
    """A request for help about a household, from one agency to another."""

    referral: strawberry.ID
    household: strawberry.ID | None
    children: list[strawberry.ID] | None
    referrer: str | None
    receiver: str | None
    reason: str | None
    needs: list[str] | None
    family_aware: bool | None
    not_informed_reason: str | None
    submitted_at: str | None
    decide_by: str | None
    status: str | None
    moves: list[Move] | None
    triage: list[Triage] | None


@shape
class Member:
    """One person's place in the household, according to one agency, and what is known of them."""

    person: strawberry.ID
    role: str | None
    according_to: str | None
    identities: list[Identity] | None
    addresses: list[Address] | None
    attendance: list[Attendance] | None
    concerns: list[Concern] | None


@shape
class FromReferral:
    """The referral service's part of a case."""

    household: Household | None
    members: list[Member] | None
    identities: list[Identity] | None
    addresses: list[Address] | None
    attendance: list[Attendance] | None
    concerns: list[Concern] | None
    referrals: list[Referral] | None
    moves: list[Move] | None
    triage: list[Triage] | None
