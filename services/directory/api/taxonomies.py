"""Taxonomies and their terms over HTTP (Open Referral UK: optional)."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from hub.access import HubRoute
from services.directory.api.answers import LISTED, Id, Read, json, listed
from services.directory.api.unchanged import unless_unchanged
from services.directory.schemas import PageQuestion, TermQuestion
from services.directory.schemas.listed import TaxonomiesPage, TaxonomyTermsPage
from services.directory.schemas.taxonomies import TaxonomyShown, TaxonomyTermShown
from services.directory.store import listings

router = APIRouter(route_class=HubRoute, tags=["open referral"])


@router.get("/taxonomies", response_model=TaxonomiesPage, responses=LISTED)
async def list_taxonomies(tx: Read, request: Request, question: Annotated[PageQuestion, Query()]) -> Response:
    """The lists of words services are sorted by."""
    listing = listings.taxonomies(question)
    return await unless_unchanged(tx, request, lambda: listed(tx, request, listing, question))


@router.get("/taxonomies/{taxonomy}", response_model=TaxonomyShown)
async def read_taxonomy(tx: Read, request: Request, taxonomy: Id) -> Response:
    """One list with its words."""

    async def shown() -> Response:
        return json(await listings.one_taxonomy(tx, taxonomy))

    return await unless_unchanged(tx, request, shown)


@router.get("/taxonomy_terms", response_model=TaxonomyTermsPage, responses=LISTED)
async def list_taxonomy_terms(
    tx: Read, request: Request, question: Annotated[TermQuestion, Query()]
) -> Response:
    """The words themselves."""
    listing = listings.terms(question)
    return await unless_unchanged(tx, request, lambda: listed(tx, request, listing, question))


@router.get("/taxonomy_terms/{term}", response_model=TaxonomyTermShown)
async def read_taxonomy_term(tx: Read, request: Request, term: Id) -> Response:
    """One word."""

    async def shown() -> Response:
        return json(await listings.one_term(tx, term))

    return await unless_unchanged(tx, request, shown)
