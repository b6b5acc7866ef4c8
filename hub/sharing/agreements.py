"""Agreements between organisations: drafted by one party, signed by all, and what they let a decision do.

Nothing outlives the agreement that backs it: PostgreSQL matches a decision to one, ends its shares with
it, and takes them out of force in the transaction that ends the agreement early (migration hub_0002).
"""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal
from uuid import UUID, uuid4

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue, model_validator

from hub.caller import AgencyId, Purpose
from hub.database import Tx
from hub.problem import NotFound, Problem
from hub.sharing.vocabulary import Basis, Category
from hub.trace import record

NEEDS_AN_AGREEMENT = frozenset({Basis.AGREEMENT, Basis.STATUTORY_DUTY})


class AgreementMissing(Problem):
    """No agreement between these organisations covers this."""

    status = 403


class AgreementExpired(Problem):
    """The agreement between these organisations is no longer in force."""

    status = 403


class AgreementSettled(Problem):
    """The agreement does not take this step from where it stands."""

    status = 409


class PartyUnknown(Problem):
    """A party to an agreement is an agency of this partnership."""

    status = 422


class AgreementTerm(BaseModel):
    """Who may disclose what to whom, and what for; or may not. An exception goes before what is not one."""

    model_config = ConfigDict(extra="forbid")

    effect: Literal["allow", "deny"] = "allow"
    exception: bool = False
    disclosers: list[AgencyId] = Field(min_length=1, max_length=5000)
    receivers: list[AgencyId] = Field(min_length=1, max_length=5000)
    categories: list[Category] = Field(min_length=1, max_length=30)
    purposes: list[Purpose] = Field(min_length=1, max_length=10)
    starts: AwareDatetime | None = Field(
        default=None, description="from when; with the agreement if left out"
    )
    ends: AwareDatetime | None = Field(default=None, description="until when; with the agreement if left out")

    @model_validator(mode="after")
    def _in_order(self) -> "AgreementTerm":
        if self.starts and self.ends and self.ends <= self.starts:
            raise ValueError("ends must be after starts")
        return self


class Agreement(BaseModel):
    """What organisations agree to. Each party signs it for itself; then it is in force until it expires.

    `written` are the documents its terms were read from, kept as they were.
    """

    title: str
    dpia_reference: str
    parties: list[AgencyId]
    starts: datetime
    expires: datetime
    terms: list[AgreementTerm]
    written: list[JsonValue] | None = None


async def draft(tx: Tx, agreement: Agreement) -> UUID:
    """Write an agreement down for its parties to sign; its id. The caller's agency is one of them.

    Raises PartyUnknown.
    """
    await _require_parties(tx, agreement)
    agreement_id = uuid4()
    await tx.run(
        "insert into hub.agreement (id, title, dpia_reference, parties, starts, ends, written)"
        " values (:id, :title, :dpia, :parties, :starts, :ends, cast(:written as jsonb))",
        id=agreement_id,
        title=agreement.title,
        dpia=agreement.dpia_reference,
        parties=sorted(set(agreement.parties)),
        starts=agreement.starts,
        ends=agreement.expires,
        written=agreement.written and json.dumps(agreement.written),
    )
    for number, term in enumerate(agreement.terms, 1):
        await _add(tx, agreement_id, number, term, agreement.starts)
    await _append(tx, agreement_id, "drafted")
    return agreement_id


async def sign(tx: Tx, agreement: UUID, signatory: str, signed_on: date) -> None:
    """Sign for the caller's agency. In force once every party has signed. Twice is as good as once.

    Raises NotFound, or AgreementSettled for an agency that is no party or an agreement that has ended.
    """
    status, parties = await _standing(tx, agreement)
    ours = tx.known_caller.agency
    if await tx.value(
        "select true from hub.agreement_event where agreement = :agreement and event = 'signed'"
        " and party = :ours",
        agreement=agreement,
        ours=ours,
    ):
        return
    if status != "draft" or ours not in parties:
        raise AgreementSettled(_where(status, ours, parties))
    await _append(tx, agreement, "signed", signatory=signatory, signed_on=signed_on)


async def end(tx: Tx, agreement: UUID, reason: str) -> None:
    """End an agreement early: the whole of it for its drafter, its own part in it for another party.

    Every share that rests on it is out of force when this commits. Raises NotFound, AgreementSettled.
    """
    status, parties = await _standing(tx, agreement)
    ours = tx.known_caller.agency
    if status == "ended" or ours not in parties:
        raise AgreementSettled(_where(status, ours, parties))
    drafted_by = await tx.value("select drafted_by from hub.agreement where id = :id", id=agreement)
    await _append(tx, agreement, "ended" if drafted_by == ours else "left", reason=reason)


async def require_cover(
    tx: Tx,
    receiver: AgencyId,
    categories: Sequence[Category],
    purpose: Purpose | None,
    basis: Basis | None,
    starts: datetime | None = None,
) -> None:
    """Refuse a decision of the caller's that no agreement in force would back (PostgreSQL refuses it too).

    A decision for a type of agency reaches those of them that an agreement covers. Raises AgreementMissing,
    or AgreementExpired where one between the two has expired or was ended.
    """
    if basis not in NEEDS_AN_AGREEMENT or receiver.startswith("type:") or not await required(tx):
        return
    ours = tx.known_caller.agency
    if not await tx.value(
        "select true from hub.agreement_for(:ours, :receiver, :categories, :purpose) backing"
        " where coalesce(cast(:starts as timestamptz), now()) < backing.ends",
        ours=ours,
        receiver=receiver,
        categories=[category.value for category in categories],
        purpose=purpose,
        starts=starts,
    ):
        raise await _why_not(tx, ours, receiver)


async def required(tx: Tx) -> bool:
    """Whether this partnership wants an agreement behind its decisions. It does unless it says otherwise."""
    said = await tx.value("select agreements_required from hub.partnership")
    return said is not False


async def warn(tx: Tx, days: int) -> int:
    """Record `agreement.expiring`, once each, for agreements that expire within so many days; how many.

    Their parties and oversight are told in `GET /notices`.
    """
    return await tx.value(
        "select hub.warn_of_agreements(make_interval(days => cast(:days as int)))", days=days
    )


async def _why_not(tx: Tx, ours: AgencyId, receiver: AgencyId) -> Problem:
    was = await tx.value(
        "select true from hub.agreement where array[:ours, split_part(:receiver, '/', 1)] <@ parties"
        " and status <> 'draft' and (status = 'ended' or ends <= now() or :ours = any(gone)"
        " or split_part(:receiver, '/', 1) = any(gone)) limit 1",
        ours=ours,
        receiver=receiver,
    )
    words = f"between {ours} and {receiver} for these categories and this purpose"
    if was:
        return AgreementExpired(f"There was an agreement {words}, and it is no longer in force.")
    return AgreementMissing(f"There is no signed agreement {words}.")


async def _require_parties(tx: Tx, agreement: Agreement) -> None:
    named = set(agreement.parties)
    there = await tx.rows("select id from hub.agency where active and id = any(:named)", named=sorted(named))
    if unknown := sorted(named - {row["id"] for row in there}):
        raise PartyUnknown(f"Not agencies of this partnership: {', '.join(unknown)}.")
    if tx.known_caller.agency not in named or len(named) < 2:
        raise PartyUnknown("An agreement is between your agency and at least one other.")
    for number, term in enumerate(agreement.terms):
        if outside := sorted({*term.disclosers, *term.receivers} - named):
            detail = f"no party: {', '.join(outside)}"
            raise PartyUnknown(errors=[{"pointer": f"/terms/{number}", "detail": detail}])


async def _add(tx: Tx, agreement: UUID, number: int, term: AgreementTerm, starts: datetime) -> None:
    await tx.run(
        "insert into hub.agreement_term (agreement, number, exception, effect, disclosers, receivers,"
        " categories, purposes, starts, ends) values (:agreement, :number, :exception, :effect, :disclosers,"
        " :receivers, :categories, :purposes, :starts, coalesce(cast(:ends as timestamptz), 'infinity'))",
        agreement=agreement,
        number=number,
        exception=term.exception,
        effect=term.effect,
        disclosers=sorted(set(term.disclosers)),
        receivers=sorted(set(term.receivers)),
        categories=sorted({category.value for category in term.categories}),
        purposes=sorted({purpose.value for purpose in term.purposes}),
        starts=term.starts or starts,
        ends=term.ends,
    )


async def _standing(tx: Tx, agreement: UUID) -> tuple[str, list[str]]:
    """Where it stands until the transaction ends, and the parties that have not left.

    Raises NotFound, or AgreementSettled for an agency that never was a party: it holds up nobody's signing.
    """
    ours = tx.known_caller.agency
    status, parties, _ = await _read(tx, agreement)
    if ours not in parties:
        raise AgreementSettled(_where(status, ours, parties))
    # Not the row: the decisions that rest on the agreement would not wait for it, and would fail.
    await tx.run(
        "select pg_advisory_xact_lock(hashtextextended(cast(cast(:id as uuid) as text), 8))", id=agreement
    )
    status, parties, gone = await _read(tx, agreement)
    return status, [party for party in parties if party not in gone]


async def _read(tx: Tx, agreement: UUID) -> tuple[str, list[str], list[str]]:
    rows = await tx.rows("select status, parties, gone from hub.agreement where id = :id", id=agreement)
    if not rows:
        raise NotFound
    [row] = rows
    return row["status"], row["parties"], row["gone"]


def _where(status: str, ours: AgencyId, parties: Sequence[str]) -> str:
    return f"It is {status}." if ours in parties else f"{ours} is no party to it."


async def _append(
    tx: Tx,
    agreement: UUID,
    event: str,
    *,
    signatory: str | None = None,
    signed_on: date | None = None,
    reason: str | None = None,
) -> None:
    await tx.run(
        "insert into hub.agreement_event (agreement, event, signatory, signed_on, reason)"
        " values (:agreement, :event, :signatory, :signed_on, :reason)",
        agreement=agreement,
        event=event,
        signatory=signatory,
        signed_on=signed_on,
        reason=reason,
    )
    await record(tx, f"agreement.{event}", agreement, Category.EXISTENCE, about=agreement)
