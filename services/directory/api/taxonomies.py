"""Taxonomies and their terms over HTTP (Open Referral UK: optional)."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from hub.access import HubRoute
from services.directory.api.answers import Id, Read, json, listed
from services.directory.schemas import PageQuestion, TermQuestion
from services.directory.store import listings

router = APIRouter(route_class=HubRoute, tags=["open referral"])


@router.get("/taxonomies")
async def list_taxonomies(tx: Read, request: Request, question: Annotated[PageQuestion, Query()]) -> Response:
    """The lists of words services are sorted by."""
    return await listed(tx, request, listings.taxonomies(question), question)


@router.get("/taxonomies/{taxonomy}")
async def read_taxonomy(tx: Read, taxonomy: Id) -> Response:
    """One list with its words."""
    return json(await listings.one_taxonomy(tx, taxonomy))


@router.get("/taxonomy_terms")
async def list_taxonomy_terms(
    tx: Read, request: Request, question: Annotated[TermQuestion, Query()]
) -> Response:
    """The words themselves."""
    return await listed(tx, request, listings.terms(question), question)


@router.get("/taxonomy_terms/{term}")
async def read_taxonomy_term(tx: Read, term: Id) -> Response:
    """One word."""
    return json(await listings.one_term(tx, term))
