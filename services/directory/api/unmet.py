"""Unmet need over HTTP: for anybody, because what could point at somebody is not in it."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import HTMLResponse, JSONResponse

from hub.access import HubRoute
from hub.heard import today
from services.directory.actions import unmet
from services.directory.api.answers import Read
from services.directory.formats import unmet as shown
from services.directory.rules.unmet import quarter_named
from services.directory.schemas import UnmetAsked

router = APIRouter(route_class=HubRoute, tags=["from need to service"])

PAGE = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
}


@router.get("/unmet")
async def read_unmet_need(tx: Read, asked: Annotated[UnmetAsked, Query()]) -> Response:
    """What was looked for and not there, by area and need, in a quarter: JSON, CSV, GeoJSON or a map.

    Nothing found, everything full, or a barrier nothing removes. Numbers under 5 are hidden, and no total
    tells them. What was counted in the last half minute may be missing.
    """
    found = await unmet.publish(tx, quarter_named(asked.quarter, today()))
    if asked.format == "csv":
        name = f'attachment; filename="unmet-need-{found.name}.csv"'
        return Response(
            shown.as_csv(found.name, found.tables),
            media_type="text/csv; charset=utf-8",
            headers={"content-disposition": name},
        )
    if asked.format == "geojson":
        body = shown.as_geojson(found.name, found.tables, found.middles)
        return JSONResponse(body, media_type="application/geo+json")
    if asked.format == "html":
        return HTMLResponse(shown.as_page(found.name, found.tables, found.middles), headers=PAGE)
    return JSONResponse(shown.as_json(found.name, found.tables))
