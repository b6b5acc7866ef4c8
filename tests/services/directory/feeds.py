"""Feeds that tests write: services by what differs, served in the way of Open Referral UK."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, cast
from uuid import NAMESPACE_OID, uuid5

from fastapi import FastAPI, Request, Response

Service = dict[str, Any]
NESTED = {"schedules", "service_at_locations", "contacts", "attributes", "service_areas", "languages"}
COUNCIL = {"id": "org-1", "name": "Example Council", "description": "A council."}


def an_id(name: str) -> str:
    """The same UUID for the same name."""
    return str(uuid5(NAMESPACE_OID, name))


def a_service(key: str, /, **more: Any) -> Service:
    """A plain service; `more` says what is different about it."""
    plain = {
        "id": an_id(key),
        "name": f"Example {key}",
        "status": "active",
        "organization": COUNCIL,
        "last_modified": "2026-11-01T10:00:00Z",
        "schedules": [{"id": an_id(f"{key} schedule"), "freq": "WEEKLY", "byday": "MO"}],
    }
    return plain | more


def a_place(key: str, postcode: str, /, **more: Any) -> dict[str, Any]:
    """A service at a location with an address."""
    address = {"id": an_id(f"{key} address"), "address_1": "1 Example Street", "postal_code": postcode}
    location = {"id": an_id(f"{key} place"), "location_type": "physical", "addresses": [address]}
    return {"id": an_id(f"{key} at"), "location": location | more}


class Feed:
    """What a feed answers. A test may change `services` between two pulls, or `answer` anything else."""

    def __init__(self, services: list[Any], *, per_page: int = 50, full: bool = True) -> None:
        self.services = services
        self.per_page = per_page
        self.full = full
        self.asked: list[str] = []
        self.answers: dict[str, Callable[[], Response]] = {}
        self.envelope: dict[str, Any] | None = None
        self.headers: list[dict[str, str]] = []
        self.etags = False
        self.listed: dict[str, list[Any]] = {}
        self.holds: dict[str, tuple[asyncio.Event, asyncio.Event]] = {}

    def app(self) -> FastAPI:
        """The feed as an application."""
        served = FastAPI()

        @served.get("/{path:path}")
        async def answer(path: str, request: Request, page: int = 1) -> Response:  # pyright: ignore[reportUnusedFunction]
            self.asked.append(f"/{path}" + (f"?page={page}" if path == "services" else ""))
            self.headers.append(dict(request.headers))
            if self.asked[-1] in self.holds:
                reached, go_on = self.holds[self.asked[-1]]
                reached.set()
                await go_on.wait()
            special = self.answers.get(self.asked[-1])
            if special is not None:
                return special()
            if path == "services":
                return self._page(request, json.dumps(self.page(page)))
            if path in self.listed:
                return Response(
                    json.dumps({"empty": False, "last_page": True, "contents": self.listed[path]})
                )
            found = [s for s in self.services if path == f"services/{_said(s).get('id')}"]
            return Response(json.dumps(found[0])) if found else Response(status_code=404)

        return served

    def whole(self, number: int) -> Response:
        """A page as it is sent."""
        return Response(json.dumps(self.page(number)))

    def _page(self, request: Request, body: str) -> Response:
        """A page; 304 for whoever has it already, if the feed gives its pages ETags."""
        etag = f'"{an_id(body)}"'
        if self.etags and request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers={"etag": etag})
        return Response(body, headers={"etag": etag} if self.etags else None)

    def page(self, number: int) -> dict[str, Any]:
        """One page in its envelope."""
        here = self.services[(number - 1) * self.per_page : number * self.per_page]
        pages = -(-len(self.services) // self.per_page)
        if self.envelope is not None:
            return {**self.envelope, "content": here}
        return {
            "total_items": len(self.services),
            "total_pages": pages,
            "page_number": number,
            "size": len(here),
            "first_page": number == 1,
            "last_page": number >= pages,
            "empty": not here,
            "contents": here if self.full else [_summary(service) for service in here],
        }


def _said(service: Any) -> Service:
    return cast("Service", service) if isinstance(service, dict) else {}


def _summary(service: Any) -> Any:
    said = _said(service)
    return {name: value for name, value in said.items() if name not in NESTED} if said else service


def feed_of(services: list[Any]) -> FastAPI:
    """A feed that never changes."""
    return Feed(services).app()


async def a_feed(serve: Callable[[FastAPI], Awaitable[str]], *services: Any, **more: Any) -> tuple[Feed, str]:
    """A feed of these services, and where it is served."""
    feed = Feed(list(services), **more)
    return feed, await serve(feed.app())
