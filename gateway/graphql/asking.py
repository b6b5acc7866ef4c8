"""Reaches a service in the caller's name. What it does not answer is said, never left out."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from graphql import GraphQLError

from gateway.hop import Answer, Hop
from gateway.marks import HEADER, Marks
from hub.caller import Caller, InnerSigner
from hub.problem import Problem, SomethingBroke, TemporarilyUnavailable


class PartMissing(GraphQLError):
    """A part of the hub did not answer, so this answer lacks what that part would have shown."""

    def __init__(self, part: str, code: str, reason: str, problem: Mapping[str, Any] | None = None) -> None:
        super().__init__(
            f"The {part} part of the hub did not answer: {reason}", extensions={"code": code, "part": part}
        )
        self.part = part
        self.code = code
        self.reason = reason
        self.problem = problem or TemporarilyUnavailable().body()


@dataclass(frozen=True, slots=True)
class Asking:
    """One caller's question, on its way to the services."""

    caller: Caller
    request: UUID
    hops: Mapping[str, Hop]
    signer: InnerSigner
    marks: Marks = field(default_factory=Marks)

    async def ask_openly(self, path: str, question: Mapping[str, Any], about: UUID | None = None) -> Any:
        """What the directory answers anybody, as JSON; a PartMissing where it does not.

        It does not hear who asks: only a mark, of the caller or of the family it is about.
        """
        asker = str(about or f"{self.caller.client} {self.caller.practitioner}")
        headers = {
            "content-type": "application/json",
            "x-request-id": str(self.request),
            HEADER: self.marks.of(asker),
        }
        body = json.dumps(question).encode()
        try:
            answer = await self.hops["directory"].call("POST", path, headers, body)
        except Problem as problem:
            return _missing("directory", problem.body())
        return json.loads(answer.body) if answer.status == 200 else _missing("directory", _said(answer))

    async def get(self, part: str, path: str) -> Any:
        """What a service shows, as JSON; None where it shows nothing; a PartMissing where it fails."""
        headers = {
            "authorization": f"Bearer {self.signer.sign(self.caller, part)}",
            "accept": "application/json",
            "x-request-id": str(self.request),
        }
        try:
            answer = await self.hops[part].call("GET", path, headers)
        except Problem as problem:
            return _missing(part, problem.body())
        if answer.status == 200:
            return json.loads(answer.body)
        if answer.status == 404:
            return None
        return _missing(part, _said(answer))


def _said(answer: Answer) -> Mapping[str, Any]:
    """The problem a service answered with. We vouched for the caller: a 401 is not the caller's fault."""
    if answer.status == 401:
        return TemporarilyUnavailable().body()
    if "problem" not in answer.headers.get("content-type", ""):
        return SomethingBroke().body()
    return json.loads(answer.body)


def _missing(part: str, problem: Mapping[str, Any]) -> PartMissing:
    code = problem["type"].rpartition("/")[2].replace("-", "_").upper()
    return PartMissing(part, code, problem.get("detail") or problem["title"], problem)
