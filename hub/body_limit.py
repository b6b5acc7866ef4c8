"""The largest body we take, and an answer to a larger one that its sender gets to read.

Many clients read nothing before they have sent everything. Closing on them while they send makes their
system throw the answer away unread: so what is still coming is listened to, and thrown away, for a while.
"""

import asyncio
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.problem import PayloadTooLarge

# Nobody holds a connection for longer, nor sends more, than this once it was answered.
MOST = 128 * 1024 * 1024
LONGEST = 30.0
LONGEST_SILENCE = 5.0
# So much uvicorn takes off the line by itself, whether it is asked for or not.
TAKEN = 64 * 1024


def with_body_limit(app: ASGIApp, limit: int) -> ASGIApp:
    """Refuse a larger body as a problem. The framework's limit answers in plain text, past our handlers."""

    async def limited(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        said = headers.get(b"content-length", b"")
        declared = int(said[:20]) if said.isdigit() else 0
        there = declared <= TAKEN and b"transfer-encoding" not in headers
        heard = _Heard(receive, send, limit, whole=there)
        if declared > limit:
            await PayloadTooLarge().response()(scope, receive, heard.answer)
        else:
            await app(scope, heard.receive, heard.answer)

    return limited


@dataclass
class _Heard:
    """How much of a request's body has come, and what is said before it is `whole`."""

    coming: Receive
    going: Send
    limit: int
    whole: bool
    size: int = 0
    early: bool = False

    async def receive(self) -> Message:
        """The next of it; HTTPException once it is too much."""
        message = await self._next()
        if self.size > self.limit:
            raise HTTPException(413)
        return message

    async def answer(self, message: Message) -> None:
        """Say it. What is said while the body is still coming ends the connection, but not at once."""
        if message["type"] == "http.response.start":
            self.early = not self.whole
            if self.early:
                message["headers"] = [*message["headers"], (b"connection", b"close")]
        elif self.early and not message.get("more_body"):
            await self.going({**message, "more_body": True})
            await self._hear_out()
            message = {"type": "http.response.body", "body": b""}
        await self.going(message)

    async def _hear_out(self) -> None:
        try:
            async with asyncio.timeout(LONGEST):
                while not self.whole and self.size < MOST:
                    await asyncio.wait_for(self._next(), LONGEST_SILENCE)
        except TimeoutError:
            return

    async def _next(self) -> Message:
        message = await self.coming()
        self.size += len(message.get("body", b""))
        self.whole = not message.get("more_body")
        return message
