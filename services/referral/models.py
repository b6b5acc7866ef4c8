"""What the referral service stores. Whatever has its own sharing category is its own row."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from sqlalchemy import ARRAY, BigInteger, Column, Computed, DateTime, Index, Text, UniqueConstraint, text
from sqlalchemy import Uuid as SaUuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from hub.caller import AgencyId
from hub.sharing import Category

SCHEMA = {"schema": "referral"}
AUTHOR = {"server_default": text("current_setting('hub.agency')")}
TEAMLESS = Computed("split_part(passed_to, '/', 1)", persisted=True)


def _now() -> datetime:
    return datetime.now(UTC)


def _texts() -> Column[list[str]]:
    return Column(ARRAY(Text), nullable=False)


def _people() -> Column[list[UUID]]:
    return Column(ARRAY(SaUuid), nullable=False)


class Person(SQLModel, table=True):
    """Somebody, by id alone. What is known of them hangs on the id, one row per agency's account."""

    __table_args__ = SCHEMA
    id: UUID = Field(default_factory=uuid4, primary_key=True)


class PersonKey(SQLModel, table=True):
    """A keyed digest of an identifier, so that two agencies' accounts meet without either being shown."""

    __tablename__ = "person_key"  # pyright: ignore[reportAssignmentType]  # SQLModel types it as a hook
    __table_args__ = SCHEMA
    scheme: str = Field(primary_key=True, sa_type=Text)
    digest: bytes = Field(primary_key=True)
    person: UUID = Field(foreign_key="referral.person.id")


class OwnKey(SQLModel, table=True):
    """Whom an identifier means to one agency, where that is its own word and nobody else's."""

    __tablename__ = "own_key"  # pyright: ignore[reportAssignmentType]  # SQLModel types it as a hook
    __table_args__ = SCHEMA
    agency: str = Field(primary_key=True, sa_type=Text)
    scheme: str = Field(primary_key=True, sa_type=Text)
    digest: bytes = Field(primary_key=True)
    person: UUID = Field(foreign_key="referral.person.id", index=True)


class NameKey(SQLModel, table=True):
    """A keyed digest of a name and a birthday, which more than one person may share."""

    __tablename__ = "name_key"  # pyright: ignore[reportAssignmentType]  # SQLModel types it as a hook
    __table_args__ = SCHEMA
    digest: bytes = Field(primary_key=True)
    person: UUID = Field(primary_key=True, foreign_key="referral.person.id")


class LookUp(SQLModel, table=True):
    """What one client asked the existence register, as a digest, and when it last did."""

    __tablename__ = "look_up"  # pyright: ignore[reportAssignmentType]  # SQLModel types it as a hook
    __table_args__ = (Index("look_up_of_client", "client", "at"), SCHEMA)
    client: str = Field(primary_key=True, sa_type=Text)
    digest: bytes = Field(primary_key=True)
    refused: bool
    at: datetime = Field(default_factory=_now, sa_type=DateTime(timezone=True))


class Account(SQLModel):
    """One agency's row about one subject, in one sharing category."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    subject: UUID
    category: str = Field(sa_type=Text)
    agency: AgencyId = Field(default=None, sa_type=Text, sa_column_kwargs=AUTHOR)


class Identity(Account, table=True):
    """Who somebody is, as one agency knows them."""

    __table_args__ = (UniqueConstraint("subject", "agency"), SCHEMA)
    category: str = Field(default=Category.IDENTITY, sa_type=Text)
    given_name: str = Field(sa_type=Text)
    family_name: str = Field(sa_type=Text)
    date_of_birth: date
    sex: str | None = Field(default=None, sa_type=Text)
    upn: str | None = Field(default=None, sa_type=Text)
    year_group: str | None = Field(default=None, sa_type=Text)
    updated_at: datetime = Field(default_factory=_now, sa_type=DateTime(timezone=True))


class Address(Account, table=True):
    """Where somebody lives, as one agency knows it: a category of its own, so that it can be sealed."""

    __table_args__ = (UniqueConstraint("subject", "agency"), SCHEMA)
    category: str = Field(default=Category.HOME_ADDRESS, sa_type=Text)
    lines: list[str] = Field(sa_column=_texts())
    postcode: str | None = Field(default=None, sa_type=Text)
    updated_at: datetime = Field(default_factory=_now, sa_type=DateTime(timezone=True))


class Attendance(Account, table=True):
    """Sessions a school counted for one pupil in one school year."""

    __table_args__ = (UniqueConstraint("subject", "agency", "year"), SCHEMA)
    category: str = Field(default=Category.ATTENDANCE, sa_type=Text)
    year: str = Field(sa_type=Text)
    possible: int
    attended: int
    authorised: int
    unauthorised: int
    updated_at: datetime = Field(default_factory=_now, sa_type=DateTime(timezone=True))


class Household(Account, table=True):
    """People who live as one family: the subject of a case."""

    __table_args__ = SCHEMA
    category: str = Field(default=Category.HOUSEHOLD, sa_type=Text)
    name: str = Field(sa_type=Text)
    created_at: datetime = Field(default_factory=_now, sa_type=DateTime(timezone=True))


class Member(Account, table=True):
    """One person's place in a household, as one agency knows it."""

    __table_args__ = (
        UniqueConstraint("subject", "agency", "person"),
        Index("member_named", "person"),
        SCHEMA,
    )
    category: str = Field(default=Category.HOUSEHOLD, sa_type=Text)
    person: UUID = Field(foreign_key="referral.person.id")
    role: str = Field(sa_type=Text)


class Concern(Account, table=True):
    """What somebody noticed about a child. Never edited: a correction is another concern."""

    __table_args__ = (
        UniqueConstraint("agency", "external_id"),
        Index("concern_about", "subject", text("occurred_at desc")),
        Index("concern_by_author", "agency", text("received_at desc"), text("id desc")),
        SCHEMA,
    )
    category: str = Field(default=Category.CONCERN, sa_type=Text)
    external_id: str | None = Field(default=None, sa_type=Text)
    kind: str = Field(sa_type=Text)
    narrative: str = Field(sa_type=Text)
    words_of_the_child: str | None = Field(default=None, sa_type=Text)
    immediate_action: str | None = Field(default=None, sa_type=Text)
    reporter_role: str | None = Field(default=None, sa_type=Text)
    school_rag: str | None = Field(default=None, sa_type=Text)
    occurred_at: datetime = Field(sa_type=DateTime(timezone=True))
    recorded_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    received_at: datetime = Field(default_factory=_now, sa_type=DateTime(timezone=True))


class SpentNumber(SQLModel, table=True):
    """An erased concern's external_id, as a digest: nothing comes in under it again."""

    __tablename__ = "spent_number"  # pyright: ignore[reportAssignmentType]  # SQLModel types it as a hook
    __table_args__ = SCHEMA
    agency: str = Field(primary_key=True, sa_type=Text)
    digest: bytes = Field(primary_key=True)


class Referral(Account, table=True):
    """A request for help about a household, from one agency to another."""

    __table_args__ = (
        Index("referral_about", "subject", text("submitted_at desc")),
        Index("referral_by_author", "agency", text("submitted_at desc")),
        Index("referral_by_receiver", "receiver", text("submitted_at desc")),
        SCHEMA,
    )
    category: str = Field(default=Category.REQUEST_FOR_HELP, sa_type=Text)
    receiver: AgencyId = Field(sa_type=Text)
    children: list[UUID] = Field(sa_column=_people())
    reason: str = Field(sa_type=Text)
    needs: list[str] = Field(sa_column=_texts())
    family_aware: bool
    not_informed_reason: str | None = Field(default=None, sa_type=Text)
    submitted_at: datetime = Field(default_factory=_now, sa_type=DateTime(timezone=True))
    decide_by: datetime = Field(sa_type=DateTime(timezone=True))


class Move(Account, table=True):
    """A referral's step from one status to the next. Append-only; the referrer always learns of it."""

    __table_args__ = (
        UniqueConstraint("referral", "number"),
        Index("move_about", "subject"),
        Index("move_passed_on", "passed_to_agency", postgresql_where=text("passed_to_agency is not null")),
        SCHEMA,
    )
    category: str = Field(default=Category.REQUEST_FOR_HELP, sa_type=Text)
    referral: UUID = Field(foreign_key="referral.referral.id")
    number: int
    status: str = Field(sa_type=Text)
    return_reason: str | None = Field(default=None, sa_type=Text)
    feedback: str | None = Field(default=None, sa_type=Text)
    referrer: AgencyId = Field(sa_type=Text)
    passed_to: str | None = Field(default=None, sa_type=Text)
    passed_to_agency: AgencyId | None = Field(default=None, sa_type=Text, sa_column_args=(TEAMLESS,))
    at: datetime = Field(default_factory=_now, sa_type=DateTime(timezone=True))


class Triage(Account, table=True):
    """Why a referral was decided as it was: the MASH colour (its own scheme), level of need, rationale."""

    __table_args__ = (Index("triage_of", "referral"), Index("triage_about", "subject"), SCHEMA)
    category: str = Field(default=Category.NOTES, sa_type=Text)
    referral: UUID = Field(foreign_key="referral.referral.id")
    scheme: str = Field(default="mash", sa_type=Text)
    rag: str = Field(sa_type=Text)
    level_of_need: int
    rationale: str = Field(sa_type=Text)
    at: datetime = Field(default_factory=_now, sa_type=DateTime(timezone=True))


class Involvement(Account, table=True):
    """That an agency works with somebody, as what, and whether it leads. It ends by a row of its own."""

    __table_args__ = (
        UniqueConstraint("agency", "involvement", "number"),
        Index("involvement_about", "subject"),
        SCHEMA,
    )
    category: str = Field(default=Category.EXISTENCE, sa_type=Text)
    involvement: UUID
    number: int
    role: str = Field(sa_type=Text)
    lead: bool
    contact: str | None = Field(default=None, sa_type=Text)
    starts: datetime = Field(default_factory=_now, sa_type=DateTime(timezone=True))
    ends: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))


class EarlierVersion(Account, table=True):
    """What a record said before it was put right: shown beside it to whoever may see it, never instead."""

    __tablename__ = "earlier_version"  # pyright: ignore[reportAssignmentType]  # SQLModel types it as a hook
    __table_args__ = (
        Index("earlier_version_of", "record"),
        Index("earlier_version_about", "subject", text("at desc"), text("id desc")),
        SCHEMA,
    )
    id: UUID = Field(default=None, primary_key=True, sa_column_kwargs={"server_default": text("uuidv7()")})
    agency: AgencyId = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    record: UUID
    was: dict[str, object] = Field(sa_type=JSONB)
    correction: UUID
    at: datetime = Field(
        default=None,
        sa_type=DateTime(timezone=True),  # pyright: ignore[reportArgumentType]  # wants a class
        sa_column_kwargs={"server_default": text("clock_timestamp()")},
    )


class CountedQuarter(SQLModel, table=True):
    """A quarter whose returned referrals were counted: once, when it was over."""

    __tablename__ = "counted_quarter"  # pyright: ignore[reportAssignmentType]  # SQLModel types it as a hook
    __table_args__ = SCHEMA
    quarter: date = Field(primary_key=True)
    at: datetime = Field(
        default=None,
        sa_type=DateTime(timezone=True),  # pyright: ignore[reportArgumentType]  # wants a class
        sa_column_kwargs={"server_default": text("now()")},
    )


class Counted(SQLModel, table=True):
    """How often a need came back unanswered; `times` is None for a small number. About nobody."""

    __table_args__ = SCHEMA
    quarter: date = Field(primary_key=True, foreign_key="referral.counted_quarter.quarter")
    outcome: str = Field(primary_key=True, sa_type=Text)
    area: str = Field(primary_key=True, sa_type=Text)
    need: str = Field(primary_key=True, sa_type=Text)
    reason: str = Field(primary_key=True, sa_type=Text)
    times: int | None = Field(default=None, sa_type=BigInteger)
