"""The one place every answer about people passes: what is sealed is hidden from all who are not named.

Called by `hub.access` once an answer is built and before its transaction commits, for the whole audience.
The seals in force are those of the moment that was shown (hub.view), or are asked for in that transaction;
what is remembered of them is thrown away as soon as their version has turned.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import Response
from starlette.responses import StreamingResponse

from hub.caller import Caller
from hub.database import Tx
from hub.seals.finding import Closed, Index, Seal
from hub.seals.hiding import Hiding
from hub.view import SEALS

NOW = f"select {SEALS}"
ALL = """
select v.version, s.seal, s.subjects, s.named, nullif(s.ends, 'infinity') as ends, t.folded
from hub.seal_version v left join hub.seal s on true left join hub.sealed_text t on t.seal = s.seal"""
MEMBERS = "select id, name from hub.agency"
NOTE = """
insert into hub.disclosure (subject, outcome, reason, row_count)
select subject, 'shown', 'sealed', 0 from unnest(cast(:subjects as uuid[])) subject"""

READABLE = ("text/", "application/xml", "application/x-ndjson", "application/javascript", "application/jwt")


class AnswerNotSealable(Exception):
    """This answer cannot be looked through for sealed text, so it does not leave."""


class SealedJson(bytes):
    """JSON as its audience may have it. Only `sealed_json` makes it."""


class MadeOfSealed(Response):
    """A file we cannot look into (a PDF, an archive), made of nothing but what `sealed_json` returned.

    `sealed` is what it was made of: who has none to give has not sealed it.
    """

    def __init__(
        self, sealed: SealedJson, made: bytes | str, media_type: str, headers: Mapping[str, str] | None = None
    ) -> None:
        if not isinstance(sealed, SealedJson):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise AnswerNotSealable(f"made of {type(sealed).__name__}: see hub.seals.answers")
        super().__init__(made, media_type=media_type, headers=headers)


@dataclass
class Seals:
    """What one part remembers of the seals in force. Never trusted before its version has been checked."""

    _index: Index | None = None

    async def index(self, tx: Tx, version: UUID) -> Index:
        """The seals of that version, or of a newer one."""
        if self._index is None or self._index.version != version:
            rows = await tx.rows(ALL)
            sealed = [(row["folded"], _seal(row)) for row in rows if row["folded"]]
            members = {row["id"]: row["name"] for row in await tx.rows(MEMBERS)} if sealed else {}
            self._index = Index(rows[0]["version"], sealed, members)
        return self._index


async def on_the_way_out(tx: Tx, seals: Seals, response: Response) -> Response:
    """The answer as its audience may have it. Raises AnswerNotSealable for what cannot be looked through."""
    if tx.caller is None:
        return response  # nobody asked: row security shows nothing about people
    answer = await _whole(response)
    body, words = bytes(answer.body).decode("utf-8", "replace"), _headers(answer)
    if not body and not words:
        return answer
    hiding = await _hiding(tx, seals, body)
    if body and not isinstance(answer, MadeOfSealed) and hiding.needed(body):
        shown = hiding.in_json(body) if _is_json(answer) else hiding.in_text(body)
        if hiding.met:
            _replace(answer, shown)
    for name, value in words:
        if hiding.needed(value):
            answer.headers[name] = hiding.in_text(value)
    await _note(tx, hiding.met)
    return answer


async def sealed_json(tx: Tx, seals: Seals, body: bytes) -> SealedJson:
    """JSON as its audience may have it: what a file that cannot be looked through is to be made of."""
    text = body.decode()
    hiding = await _hiding(tx, seals, text)
    shown = hiding.in_json(text) if hiding.needed(text) else text
    await _note(tx, hiding.met)
    return SealedJson((shown if hiding.met else text).encode())


async def _hiding(tx: Tx, seals: Seals, answer: str) -> Hiding:
    now = tx.seals or (await tx.rows(NOW))[0]
    index, closed = await seals.index(tx, now["version"]), _closed(tx.known_caller, now)
    return Hiding(index, closed, lambda subject: subject in tx.asked or str(subject) in answer)


async def _note(tx: Tx, met: set[Seal]) -> None:
    """That something was sealed is part of the trace of whom it was about, which oversight alone reads."""
    if met:
        subjects = {subject for seal in met for subject in seal.subjects}
        await tx.run(NOTE, subjects=sorted(subjects))


def _closed(caller: Caller, now: Any) -> Closed:
    """Closed is a seal in force that does not name every agency that will see the answer."""
    audience = {name.partition("+")[0] for name in caller.everyone_who_sees()}
    others, opened, moment = audience - {caller.agency}, set(now["opened"]), now["now"]

    def closed(seal: Seal) -> bool:
        if seal.ends is not None and seal.ends <= moment:
            return False
        return not audience <= seal.named and not (seal.id in opened and others <= seal.named)

    return closed


def _seal(row: Any) -> Seal:
    return Seal(row["seal"], tuple(row["subjects"]), frozenset(row["named"]), row["ends"])


async def _whole(response: Response) -> Response:
    """The answer in one piece: what is sent bit by bit could split what is sealed."""
    kind = response.headers.get("content-type", "")
    if isinstance(response, StreamingResponse) and not kind.startswith("text/event-stream"):
        parts = [part async for part in response.body_iterator]
        body = b"".join(part.encode() if isinstance(part, str) else bytes(part) for part in parts)
        whole = Response(body, response.status_code, background=response.background)
        whole.raw_headers += [(n, v) for n, v in response.raw_headers if n != b"content-length"]
        return whole
    readable = not kind or "json" in kind or kind.startswith(READABLE) or isinstance(response, MadeOfSealed)
    if not hasattr(response, "body") or isinstance(response, StreamingResponse) or not readable:
        raise AnswerNotSealable(f"{type(response).__name__} of {kind or 'no type'}: see hub.seals.answers")
    return response


def _headers(answer: Response) -> Sequence[tuple[str, str]]:
    ours = ("content-length", "content-type", "cache-control", "idempotency-replayed", "retry-after")
    return [(name, value) for name, value in answer.headers.items() if name not in ours]


def _is_json(answer: Response) -> bool:
    kind = answer.headers.get("content-type", "")
    return "json" in kind and "ndjson" not in kind


def _replace(answer: Response, body: str) -> None:
    answer.body = body.encode()
    answer.headers["content-length"] = str(len(answer.body))
