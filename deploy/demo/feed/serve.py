"""The feed over HTTP, as a small council would serve it."""

from typing import Annotated, Any

from fastapi import FastAPI, HTTPException, Query

from deploy.demo.feed.documents import Document, services, summary

PER_PAGE = 50


def app() -> FastAPI:
    """An ASGI application with the three paths Open Referral UK requires."""
    feed = FastAPI(title="A synthetic council's feed", docs_url=None, redoc_url=None)
    published = {service["id"]: service for service in services()}

    @feed.get("/")
    async def about() -> dict[str, str]:  # pyright: ignore[reportUnusedFunction]  # FastAPI holds it
        return {
            "version": "HSDS-UK-3.0",
            "profile": "https://docs.openreferraluk.org/en/latest/",
            "openapi_url": "https://openreferraluk.org/specifications/3.0/openapi.json",
        }

    @feed.get("/services")
    async def listed(  # pyright: ignore[reportUnusedFunction]
        page: Annotated[int, Query(ge=1)] = 1,
        per_page: Annotated[int, Query(ge=1, le=100)] = PER_PAGE,
        *,
        full: bool = False,
    ) -> dict[str, Any]:
        return _page(list(published.values()), page, per_page, full=full)

    @feed.get("/services/{service}")
    async def one(service: str) -> Document:  # pyright: ignore[reportUnusedFunction]
        if service not in published:
            raise HTTPException(404)
        return published[service]

    return feed


def _page(every: list[Document], page: int, per_page: int, *, full: bool) -> dict[str, Any]:
    pages = -(-len(every) // per_page)
    here = every[(page - 1) * per_page : page * per_page]
    return {
        "total_items": len(every),
        "total_pages": pages,
        "page_number": page,
        "size": len(here),
        "first_page": page == 1,
        "last_page": page >= pages,
        "empty": not here,
        "contents": here if full else [summary(service) for service in here],
    }
