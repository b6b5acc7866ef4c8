"""Organisations over HTTP (Open Referral UK: optional)."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from hub.access import HubRoute
from services.directory.api.answers import LISTED, Id, Read, json, listed
from services.directory.api.unchanged import unless_unchanged
from services.directory.schemas import OneOrganizationQuestion, OrganizationQuestion
from services.directory.schemas.listed import OrganizationsPage, WholeOrganization
from services.directory.store import listings

router = APIRouter(route_class=HubRoute, prefix="/organizations", tags=["open referral"])


@router.get("", response_model=OrganizationsPage, responses=LISTED)
async def list_organizations(
    tx: Read, request: Request, question: Annotated[OrganizationQuestion, Query()]
) -> Response:
    """Who runs services."""
    listing = listings.organizations(question)
    return await unless_unchanged(tx, request, lambda: listed(tx, request, listing, question))


@router.get("/{organization}", response_model=WholeOrganization)
async def read_organization(
    tx: Read, request: Request, organization: Id, question: Annotated[OneOrganizationQuestion, Query()]
) -> Response:
    """One organisation with its services: their names, or whole."""

    async def shown() -> Response:
        whole = question.full_service
        return json(await listings.one_organization(tx, organization, full_service=whole))

    return await unless_unchanged(tx, request, shown)
