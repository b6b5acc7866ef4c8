"""The hub's doors: a part that answers over HTTP, and the authorization its callers bring."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from deploy.bench.turns import Ask, Open, Target, WrongAnswer
from deploy.bench.wire import Reply, Wire


@dataclass(frozen=True, slots=True)
class Question:
    """A request without its authorization, and what a right answer looks like."""

    method: bytes
    path: bytes
    headers: bytes = b""
    body: bytes = b""
    status: int = 200
    length: int | None = None

    def written(self, authorization: bytes) -> bytes:
        """The whole request; without an authorization, a stranger's."""
        who = b"authorization: Bearer %b\r\n" % authorization if authorization else b""
        return b"%b %b HTTP/1.1\r\nhost: bench\r\n%b%bcontent-length: %d\r\n\r\n%b" % (
            *(self.method, self.path, who, self.headers),
            *(len(self.body), self.body),
        )

    def held_to(self, reply: Reply) -> "Question":
        """The same question, from now on held to an answer as long as this."""
        return replace(self, length=len(reply.body))

    def check(self, reply: Reply) -> None:
        """Raise WrongAnswer for any other answer."""
        if reply.status != self.status or self.length not in (None, len(reply.body)):
            raise WrongAnswer(
                f"{self.path.decode()} answered {reply.status} with {len(reply.body)} bytes,"
                f" not {self.status} with {self.length}."
            )


@dataclass
class Door:
    """Where one caller asks. `renew` gets an authorization; it is called before every turn."""

    url: str
    renew: Callable[[], Awaitable[str]]
    authorization: bytes = field(default=b"", init=False)

    async def refresh(self) -> None:
        """Renew the authorization."""
        self.authorization = (await self.renew()).encode()

    async def connected(self) -> Wire:
        """A connection to this door."""
        place = urlsplit(self.url)
        assert place.hostname is not None, "a door has an address"
        return await Wire.to(place.hostname, place.port or 80)

    async def ask(self, question: Question) -> Reply:
        """One question over a connection of its own, unchecked."""
        await self.refresh()
        wire = await self.connected()
        try:
            return await wire.ask(question.written(self.authorization))
        finally:
            wire.close()


def through(
    name: str,
    door: Door,
    questions: Callable[[int], Iterator[Question]],
    probe: Callable[[], Awaitable[None]],
) -> Target:
    """A door as a target: `questions` gives each connection its own, `probe` checks what must be refused."""

    @asynccontextmanager
    async def opened(connections: int) -> AsyncGenerator[Open]:
        wires: list[Wire] = []

        async def refresh() -> None:
            """A server hangs up on who is silent for long: every turn has connections of its own."""
            _close(wires)
            wires[:] = [await door.connected() for _ in range(connections)]
            await door.refresh()
            await probe()

        try:
            yield Open([_ask(door, wires, n, questions(n)) for n in range(connections)], refresh)
        finally:
            _close(wires)

    return Target(name, opened)


def _ask(door: Door, wires: list[Wire], number: int, questions: Iterator[Question]) -> Ask:
    async def ask() -> None:
        question = next(questions)
        question.check(await wires[number].ask(question.written(door.authorization)))

    return ask


def _close(wires: list[Wire]) -> None:
    for wire in wires:
        wire.close()
