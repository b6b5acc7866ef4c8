"""Machine clients and their agencies. Which agency a caller belongs to comes only from here."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gateway.oauth.conditions import STANDING, Standing, standing_of
from gateway.oauth.keys import accepted
from hub.access import ALL_SCOPES
from hub.caller import INNER_SCOPES, SLUG, AgencyId, ClientId
from hub.database import Tx
from hub.problem import NotFound, Problem


class ScopeUnknown(Problem):
    """The hub has no scope of that name."""

    status = 422


class ClientOfAnotherAgency(Problem):
    """The client id belongs to another agency."""

    status = 409


class TeamNotValid(Problem):
    """This is not the name of a team."""

    status = 422


@dataclass(frozen=True)
class Client:
    """One machine client as it stands: its agency, its keys, and the most it may ever ask for."""

    id: ClientId
    agency: AgencyId
    scopes: frozenset[str]
    jwks: Mapping[str, Any]
    team: str | None = None
    standing: Standing = field(default_factory=Standing)


async def join(tx: Tx, agency: AgencyId, name: str, kind: str) -> None:
    """Make an agency a member of the partnership, or bring a former member back."""
    await tx.run(
        "insert into hub.agency (id, name, type) values (:id, :name, :type) on conflict (id) "
        "do update set name = excluded.name, type = excluded.type, active = true",
        id=agency,
        name=name,
        type=kind,
    )


async def leave(tx: Tx, agency: AgencyId) -> None:
    """Shut out every client of an agency that leaves the partnership. NotFound if unknown."""
    if not await tx.value("update hub.agency set active = false where id = :id returning true", id=agency):
        raise NotFound


async def come_back(tx: Tx, agency: AgencyId) -> None:
    """Let a suspended agency in again, as it was. NotFound if unknown."""
    if not await tx.value("update hub.agency set active = true where id = :id returning true", id=agency):
        raise NotFound


async def register(
    tx: Tx,
    client: ClientId,
    agency: AgencyId,
    name: str,
    keys: Sequence[Mapping[str, Any]],
    scopes: Sequence[str],
    team: str | None = None,
) -> None:
    """Register a client of an agency, or give it new keys, scopes and team (suspended, it stays so).

    What is shared with a team of the agency is seen by that team's clients alone.
    Raises KeyNotAccepted, ScopeUnknown, TeamNotValid, or ClientOfAnotherAgency: clients do not change agency.
    """
    if team is not None and not re.fullmatch(SLUG, team):
        raise TeamNotValid("A team is 2 to 63 of a-z 0-9 -")
    if unknown := sorted(set(scopes) - (ALL_SCOPES.keys() - INNER_SCOPES)):
        raise ScopeUnknown(f"The hub has no scope {' '.join(unknown)}.")
    done = await tx.value(
        "insert into gateway.client as c (id, agency, name, jwks, scopes, team) "
        "values (:id, :agency, :name, cast(:jwks as jsonb), :scopes, :team) on conflict (id) do update "
        "set name = excluded.name, jwks = excluded.jwks, scopes = excluded.scopes, "
        "team = excluded.team "
        "where c.agency = excluded.agency returning true",
        id=client,
        agency=agency,
        name=name,
        jwks=json.dumps(accepted(keys)),
        scopes=sorted(set(scopes)),
        team=team,
    )
    if not done:
        raise ClientOfAnotherAgency


async def suspend(tx: Tx, client: ClientId) -> None:
    """Shut a client out: no new token, and within a second no old one. NotFound if unknown."""
    await _set_active(tx, client, active=False)


async def restore(tx: Tx, client: ClientId) -> None:
    """Let a suspended client in again. NotFound if unknown."""
    await _set_active(tx, client, active=True)


async def good(tx: Tx, client: ClientId) -> Client | None:
    """The client, if it and its agency are still welcome. None for one suspended or unknown."""
    rows = await tx.rows(
        f"select c.agency, c.scopes, c.jwks, c.team, {STANDING} from gateway.client c "
        "join hub.agency a on a.id = c.agency where c.id = :id and c.active and a.active",
        id=client,
    )
    if not rows:
        return None
    [row] = rows
    scopes = frozenset[str](row["scopes"])
    return Client(client, row["agency"], scopes, row["jwks"], row["team"], standing_of(row))


async def use_up(tx: Tx, client: ClientId, jti: str, expires: float) -> bool:
    """Use up one proof of identity. False if any process of the front door took it before.

    Clears a few expired ones on the way, so that the table stays as small as five minutes' worth.
    """
    taken = await tx.value(
        "with gone as (delete from gateway.assertion where (client, jti) in ("
        " select client, jti from gateway.assertion where expires < now()"
        " limit 20 for update skip locked))"
        " insert into gateway.assertion (client, jti, expires)"
        " values (:client, :jti, to_timestamp(cast(:expires as double precision)))"
        " on conflict do nothing returning true",
        client=client,
        jti=jti,
        expires=expires,
    )
    return bool(taken)


async def _set_active(tx: Tx, client: ClientId, *, active: bool) -> None:
    if not await tx.value(
        "update gateway.client set active = :active where id = :id returning true",
        id=client,
        active=active,
    ):
        raise NotFound
