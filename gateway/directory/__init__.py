"""The directory's pages for people who have no system of their own: its providers, and families."""

from fastapi import APIRouter

from gateway.directory import listing, report

router = APIRouter()
for page in (report, listing):
    router.include_router(page.router)

__all__ = ["router"]
