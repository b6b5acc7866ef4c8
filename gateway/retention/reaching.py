"""The front door's own words to the services: what they keep about a family, and what they are to erase."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Request

from gateway.graphql.asking import Asking, PartMissing
from gateway.hop import Services
from gateway.retention.proposing import Kept
from hub.caller import Caller, Scope
from hub.database import Tx
from hub.erasure import FieldNotCorrectable
from hub.problem import NotFound, TemporarilyUnavailable

PARTS = ("referral", "assessment")


@dataclass(frozen=True)
class Families:
    """Whose household is whose, and when people were born, as far as anybody says."""

    households: Mapping[UUID, frozenset[UUID]]
    members: Mapping[UUID, frozenset[UUID]]
    born: Mapping[UUID, date]

    def youngest(self, subject: UUID) -> date | None:
        """The birthday that a record's clock runs by: a person's own, a household's youngest member's."""
        born = [self.born[one] for one in (subject, *self.members.get(subject, ())) if one in self.born]
        return max(born, default=None)

    def everybody(self, subject: UUID) -> frozenset[UUID]:
        """A person, their households and all who belong to these; a household and its people."""
        homes = {subject, *self.households.get(subject, ())}
        return frozenset(homes).union(*(self.members.get(one, ()) for one in homes))


async def family_of(request: Request, caller: Caller, subject: UUID) -> Families:
    """The family of a person or a household: their households, and everybody who belongs to these."""
    own = await _families(request, caller, [subject])
    return await _families(request, caller, sorted({subject, *own.households.get(subject, ())}))


async def _families(request: Request, caller: Caller, subjects: Sequence[UUID]) -> Families:
    said = await _get(request, caller, "referral", f"/retention/families?{_query(subjects)}")
    pairs = [(UUID(row["household"]), UUID(row["person"])) for row in said["memberships"]]
    born = {UUID(row["person"]): date.fromisoformat(row["born"]) for row in said["born"]}
    return Families(
        {person: frozenset(h for h, p in pairs if p == person) for _, person in pairs},
        {household: frozenset(p for h, p in pairs if h == household) for household, _ in pairs},
        born,
    )


async def kept_about(request: Request, caller: Caller, subjects: Sequence[UUID]) -> list[Kept]:
    """Every record that a service keeps about these people. TemporarilyUnavailable if one does not say."""
    found: list[Kept] = []
    for part in PARTS:
        said = await _get(request, caller, part, f"/retention/records?{_query(subjects)}")
        found += [_kept(part, row) for row in said["records"]]
    return found


async def require_kept(tx: Tx, request: Request, subjects: Sequence[UUID]) -> list[Kept]:
    """What is kept about these people; NotFound where nothing is about one of them."""
    tx.asked += subjects
    kept = await kept_about(request, tx.known_caller, list(dict.fromkeys(subjects)))
    if not set(subjects) <= {one.subject for one in kept}:
        raise NotFound
    return kept


async def erase_in(request: Request, caller: Caller, part: str, which: UUID) -> frozenset[UUID]:
    """Have a service erase what the approved request names; of whom it keeps nothing any more."""
    said = await _post(request, caller, part, f"/retention/erasures/{which}", Scope.RECORDS_ERASE, which, {})
    return frozenset(UUID(one) for one in said["gone"])


async def correct_in(
    request: Request, caller: Caller, part: str, which: UUID, wrong: Mapping[str, Any]
) -> int:
    """Have a service put its records right; how many it were."""
    path = f"/retention/corrections/{which}"
    return (await _post(request, caller, part, path, Scope.RECORDS_CORRECT, which, wrong))["corrected"]


def _kept(part: str, row: Mapping[str, Any]) -> Kept:
    ids = {name: UUID(row[name]) for name in ("record", "subject")}
    words = {name: row[name] for name in ("kind", "category", "author", "at")}
    return Kept(part=part, under=tuple(map(UUID, row["under"])), **ids, **words)


def _query(subjects: Iterable[UUID]) -> str:
    return urlencode([("subject", str(one)) for one in subjects])


async def _get(request: Request, caller: Caller, part: str, path: str) -> dict[str, Any]:
    services: Services = request.app.state.services
    asking = Asking(caller, request.state.request_id, services.hops, services.signer)
    answer = await asking.get(part, path)
    if isinstance(answer, PartMissing) or answer is None:
        raise TemporarilyUnavailable(f"The {part} part of the hub did not answer, so nothing was decided.")
    return answer


async def _post(
    request: Request, caller: Caller, part: str, path: str, scope: Scope, key: UUID, body: Mapping[str, Any]
) -> dict[str, Any]:
    """Say it with a scope that no client holds: two people decided, and the front door says so."""
    services: Services = request.app.state.services
    ours = replace(caller, scopes=caller.scopes | {scope})
    headers = {
        "authorization": f"Bearer {services.signer.sign(ours, part)}",
        "accept": "application/json",
        "content-type": "application/json",
        "x-request-id": str(request.state.request_id),
        "idempotency-key": str(key),
    }
    answer = await services.hops[part].call("POST", path, headers, json.dumps(body, default=str).encode())
    if answer.status == 422:
        raise FieldNotCorrectable(errors=json.loads(answer.body).get("errors", ()))
    if answer.status != 200:
        raise TemporarilyUnavailable(
            f"The {part} part of the hub did not answer. Ask again: nothing is lost."
        )
    return json.loads(answer.body)
