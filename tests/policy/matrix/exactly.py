"""Clients that hold exactly the scopes an operation says it needs, or all of these but one."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import aiohttp

from hub.caller import INNER_SCOPES, Scope
from tests.policy.matrix.asking import Answer, Asked, connected, send
from tests.policy.matrix.hubs import joined
from tests.policy.matrix.operations import Operation
from tests.policy.matrix.situations import AUTHOR, Role, Situation, headers_of
from tests.policy.matrix.wanted import Wanted

Scopes = frozenset[Scope]


@dataclass
class Exactly:
    """Asks about what the asking agency wrote itself, so that nothing but a scope can be wanting."""

    asked: Asked
    clients: dict[Scopes, Role] = field(default_factory=dict[Scopes, Role])

    async def with_all(self) -> dict[str, Answer]:
        """What each operation answers a client that holds the scopes it says, and no others."""
        async with connected(self.asked.prepared.hub.running.url) as wire:
            return {one.name: await self._ask(wire, one, _said(one)) for one in self._scoped()}

    async def with_all_but_one(self) -> dict[tuple[str, str], Answer]:
        """What each operation that says several answers a client that lacks this one."""
        async with connected(self.asked.prepared.hub.running.url) as wire:
            return {
                (one.name, lacking): await self._ask(wire, one, _said(one) - {lacking})
                for one in self._scoped()
                for lacking in one.scopes
                if len(one.scopes) > 1
            }

    def _scoped(self) -> Iterator[Operation]:
        return (one for one in self.asked.operations if one.scopes and not _said(one) & INNER_SCOPES)

    async def _ask(self, wire: aiohttp.ClientSession, operation: Operation, scopes: Scopes) -> Answer:
        role = await self._client(scopes)
        records = self.asked.prepared.records(role, Situation.NEVER)
        assert records
        return await send(wire, role, Wanted(operation, records).request())

    async def _client(self, scopes: Scopes) -> Role:
        if scopes not in self.clients:
            name = f"matrix-exactly-{len(self.clients)}"
            partner = await joined(self.asked.prepared.hub, AUTHOR, name, scopes)
            self.clients[scopes] = Role(name, AUTHOR, headers_of(await partner.token()))
        return self.clients[scopes]


def _said(operation: Operation) -> Scopes:
    return frozenset(map(Scope, operation.scopes))
