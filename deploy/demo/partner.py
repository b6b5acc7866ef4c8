"""An agency's own system, as the hub sees it: it asks for tokens, reads, writes, and repeats safely."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

from deploy.demo.clients import ClientKey, token_for
from deploy.demo.partnership import Agency

TOKEN_AGE = 120.0  # seconds; a token lives for 300


class AnswerUnexpected(Exception):
    """The hub did not answer as the story goes."""


@dataclass
class Partner:
    """One agency asking with real access tokens, one for each purpose."""

    agency: Agency
    key: ClientKey
    http: httpx.AsyncClient
    issuer: str
    tokens: dict[str, tuple[float, str]] = field(default_factory=dict[str, tuple[float, str]])

    async def token(self, purpose: str = "early_help") -> str:
        """A token with everything this agency may ask for, for one purpose."""
        since, token = self.tokens.get(purpose, (0.0, ""))
        if not token or time.monotonic() - since > TOKEN_AGE:
            scopes = [*self.agency.scopes, f"purpose:{purpose}"]
            token = await token_for(self.http, self.issuer, self.agency.client, self.key, scopes)
            self.tokens[purpose] = time.monotonic(), token
        return token

    async def ask(
        self,
        method: str,
        path: str,
        *,
        purpose: str = "early_help",
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> httpx.Response:
        """Any request, with the token and, on a write, a fresh Idempotency-Key."""
        own = {"authorization": f"Bearer {await self.token(purpose)}", "practitioner": "p-1"}
        if method not in ("GET", "HEAD"):
            own["idempotency-key"] = str(uuid4())
        return await self.http.request(method, path, headers={**own, **(headers or {})}, **more)

    async def get(self, path: str, **more: Any) -> httpx.Response:
        """Read, whatever the answer."""
        return await self.ask("GET", path, **more)

    async def post(self, path: str, json: Any = None, **more: Any) -> httpx.Response:
        """Write, whatever the answer."""
        return await self.ask("POST", path, json=json, **more)

    async def made(self, path: str, json: Any = None, **more: Any) -> dict[str, Any]:
        """Write what must succeed; the answer's body. Raises AnswerUnexpected."""
        answer = await self.post(path, json, **more)
        if answer.status_code not in (200, 201, 204):
            raise AnswerUnexpected(f"POST {path}: {answer.status_code} {answer.text}")
        return answer.json() if answer.content else {}
