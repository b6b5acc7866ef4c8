"""Unmet need whole: what was looked for and not there, and the requests for help that came back.

Both services hide their small numbers before anything reaches the front door, and every total here is made of
what is shown: putting them together tells nothing that the parts do not.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from gateway.graphql.asking import Asking, PartMissing
from gateway.hop import Services
from gateway.insight import shown
from gateway.insight.answers import UnmetMap, UnmetNeed
from gateway.insight.shown import TITLES, Middle
from hub.access import HubRoute, allow
from hub.caller import Scope
from hub.database import Tx
from hub.heard import today
from hub.inline import inline
from hub.problem import TemporarilyUnavailable
from hub.small_numbers import Cell, Shown, Table, of_published, quarter_name, quarter_to_publish, totalled

router = APIRouter(route_class=HubRoute, prefix="/insight", tags=["insight"])

Insight = Annotated[Tx, allow(Scope.INSIGHT_READ)]
Quarter = Annotated[
    str, Query(pattern=r"^20\d\d-Q[1-4]$", description="such as 2026-Q3; by itself the last that is over")
]
SECTORS_AT_A_TIME = 200
GEOJSON = "application/geo+json"
OTHERWISE: dict[str, Any] = {
    GEOJSON: {"schema": inline(UnmetMap)},
    "text/csv": {"schema": {"type": "string"}},
    "text/html": {"schema": {"type": "string"}},
}
PAGE = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
}


@router.get("/unmet", response_model=UnmetNeed, responses={200: {"content": OTHERWISE}})
async def read_unmet_need(
    request: Request,
    tx: Insight,
    quarter: Quarter | None = None,
    format: Literal["json", "csv", "geojson", "html"] = "json",  # noqa: A002  # as the directory calls it
) -> Response:
    """Unmet need of a quarter that is over, by area and need: JSON, CSV, GeoJSON or a page with a map.

    Nothing was found, everything was full, a barrier nothing removes, a referral came back or was
    signposted. Numbers under 5 are hidden, and no total tells them.
    """
    name = quarter_name(quarter_to_publish(quarter, today()))
    services: Services = request.app.state.services
    asking = Asking(tx.known_caller, request.state.request_id, services.hops, services.signer)
    tables = await _tables(asking, name)
    if format == "csv":
        attached = {"content-disposition": f'attachment; filename="unmet-need-{name}.csv"'}
        return Response(shown.as_csv(name, tables), media_type="text/csv; charset=utf-8", headers=attached)
    if format == "json":
        return JSONResponse(shown.as_json(name, tables))
    middles = await _middles(asking, {area for table in tables.values() for area in table.rows})
    if format == "geojson":
        return JSONResponse(shown.as_geojson(name, tables, middles), media_type=GEOJSON)
    return HTMLResponse(shown.as_page(name, tables, middles), headers=PAGE)


async def _tables(asking: Asking, quarter: str) -> dict[str, Table]:
    """A table for each way in which needs were not met, as their services publish them."""
    asked = urlencode({"quarter": quarter})
    looked_for, returned = await asyncio.gather(
        _ask(asking, "directory", f"/unmet?{asked}"), _ask(asking, "referral", f"/insight/returned?{asked}")
    )
    cells: dict[str, dict[Cell, Shown]] = {kind: {} for kind in TITLES}
    for row in looked_for["rows"]:
        cells[row["kind"]][row["area"], _what(row["need"], row["barrier"])] = of_published(row["count"])
    for row in returned["returned"]:
        cells[row["outcome"]][row["area"], _what(row["need"], row["reason"])] = of_published(row["count"])
    return {kind: totalled(dict(sorted(found.items()))) for kind, found in cells.items()}


def _what(need: str, more: str | None) -> str:
    return f"{need}: {more}" if more else need


async def _middles(asking: Asking, areas: Iterable[str]) -> dict[str, Middle]:
    """Where the areas are, as the directory's postcodes say."""
    wanted = sorted(areas)
    batches = [wanted[at : at + SECTORS_AT_A_TIME] for at in range(0, len(wanted), SECTORS_AT_A_TIME)]
    found = await asyncio.gather(*(_sectors(asking, batch) for batch in batches))
    return {one["area"]: Middle(one["longitude"], one["latitude"]) for batch in found for one in batch}


async def _sectors(asking: Asking, areas: Sequence[str]) -> list[Mapping[str, Any]]:
    asked = urlencode([("area", area) for area in areas])
    return (await _ask(asking, "directory", f"/sectors?{asked}"))["areas"]


async def _ask(asking: Asking, part: str, path: str) -> Mapping[str, Any]:
    """What a service publishes; without one of them there is no answer, because half would be read as all."""
    answer = await asking.get(part, path)
    if isinstance(answer, PartMissing) or answer is None:
        raise TemporarilyUnavailable(f"The {part} part of the hub did not answer, so there is no whole.")
    return answer
