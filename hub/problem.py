"""How we say no: one exception per reason, rendered once as RFC 9457 problem details."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from starlette.responses import JSONResponse

MEDIA_TYPE = "application/problem+json"


class Problem(Exception):
    """Something we will not do. The class is the type; the first docstring line is the title.

    `detail` is what the partner reads: never a name, an address or anything else about a family.
    `errors` point at the fields that are wrong: `{"pointer": "/upn", "detail": "..."}` (JSON Pointer).
    """

    status: ClassVar[int] = 400
    headers: Mapping[str, str]

    def __init__(
        self,
        detail: str | None = None,
        *,
        errors: Sequence[Mapping[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail or self.title())
        self.detail = detail
        self.errors = list(errors)
        self.headers = headers or {}

    @classmethod
    def title(cls) -> str:
        """The first line of the docstring, without its full stop."""
        return (cls.__doc__ or cls.__name__).strip().splitlines()[0].rstrip(".")

    @classmethod
    def slug(cls) -> str:
        """`MoveNotAllowed` -> `move-not-allowed`: the name of its page under docs/problems."""
        return re.sub(r"(?<!^)(?=[A-Z])", "-", cls.__name__).lower()

    def body(self) -> dict[str, Any]:
        """The problem document, without anything that differs between two identical refusals."""
        body: dict[str, Any] = {
            "type": f"/problems/{self.slug()}",
            "title": self.title(),
            "status": self.status,
        }
        if self.detail:
            body["detail"] = self.detail
        if self.errors:
            body["errors"] = self.errors
        return body

    def response(self) -> JSONResponse:
        """The answer itself, never to be cached."""
        headers = {"cache-control": "no-store", **self.headers}
        return JSONResponse(self.body(), self.status, headers, media_type=MEDIA_TYPE)


class NotFound(Problem):
    """There is nothing here that you may see.

    One answer for what does not exist and for what the caller may not see, byte for byte.
    """

    status = 404


class PayloadNotValid(Problem):
    """The request is not of the right shape."""

    status = 422


class PayloadTooLarge(Problem):
    """The request is larger than this operation takes."""

    status = 413


class MediaTypeNotSupported(Problem):
    """The body is not of a kind that this operation reads.

    `read` are the kinds it reads; the Accept header names them too (RFC 9110, section 15.5.16).
    """

    status = 415

    def __init__(self, *read: str) -> None:
        super().__init__(f"Send it as {' or '.join(read)}.", headers={"accept": ", ".join(read)})


class MalformedJson(Problem):
    """The body is not JSON."""

    status = 400


class HeaderRepeated(Problem):
    """A header that says one thing was sent more than once."""

    status = 400


class Unauthenticated(Problem):
    """We do not know who is asking."""

    status = 401

    def __init__(self, detail: str | None = None, error: str = "invalid_token") -> None:
        challenge = f'Bearer error="{error}"' if detail else "Bearer"
        super().__init__(detail, headers={"www-authenticate": challenge})


class ScopeMissing(Problem):
    """Your agency does not hold the scope for this operation."""

    status = 403


class WriteNotAllowed(Problem):
    """This record is not yours to write."""

    status = 403


class TemporarilyUnavailable(Problem):
    """The hub cannot answer safely just now, so it does not answer."""

    status = 503

    def __init__(self, detail: str | None = None, retry_after: int = 2) -> None:
        super().__init__(detail, headers={"retry-after": str(retry_after)})


class SomethingBroke(Problem):
    """Something broke on our side. Nothing was stored."""

    status = 500
