"""Unmet need as rows, CSV, GeoJSON and a page with a map: no tiles and no scripts, so it shows anywhere.

A circle is as large as its number; what is hidden has no size, so nothing can be measured on the map.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from html import escape
from math import cos, radians, sqrt
from typing import Any, NamedTuple

from hub.small_numbers import HIDDEN, LEAST, Shown, Table


class Middle(NamedTuple):
    """The middle of an area, in degrees."""

    longitude: float
    latitude: float


TITLES = {
    "nothing_found": "Nothing was found",
    "full": "Everything was full",
    "barrier": "A barrier nothing removes",
    "returned": "Referrals that came back",
    "signposted": "Referrals that were signposted",
}
WIDTH, HEIGHT, MARGIN, LARGEST, SMALLEST = 720, 420, 50, 34, 5
NOTE = (
    f"Numbers under {LEAST} are given as “{HIDDEN}”, and a total over one of them as “at least”, counting"
    " only what is shown: our own rule. Each quarter is published once, when it is over. Areas are postcode"
    " sectors, each about as large as a ward; a sealed home is in none. What is counted is a need in an area,"
    " never who asked; a referral with two needs counts for each."
)
STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1d2433}"
    "table{border-collapse:collapse;margin:1rem 0 2.5rem}"
    "caption{text-align:left;font-weight:600;padding:.5rem 0}"
    "th,td{padding:.35rem .7rem;border-bottom:1px solid #d5d9e2;text-align:right}"
    "th:first-child,td:first-child,th[scope=row]{text-align:left}"
    "tfoot th,tfoot td{font-weight:600}"
    ".few{color:#5a6275;font-style:italic}svg{width:100%;height:auto;background:#f3f5f9;border-radius:8px}"
    "circle{fill:#1d5fa8;fill-opacity:.65;stroke:#123e6e}"
    "circle.few{fill:#fff;fill-opacity:1;stroke-dasharray:3 2}"
    "text{font:13px system-ui,sans-serif;fill:#1d2433}"
)


def rows(tables: Mapping[str, Table]) -> Iterator[dict[str, Any]]:
    """Every number with what it is of; `count` is null where it is hidden."""
    for kind, table in tables.items():
        for (area, need), shown in table.cells.items():
            yield {"kind": kind, "area": area, "need": need, **_number(shown)}


def as_json(quarter: str, tables: Mapping[str, Table]) -> dict[str, Any]:
    """Rows and totals."""
    totals = {
        kind: {
            "areas": {area: _number(shown) for area, shown in table.rows.items()},
            "needs": {need: _number(shown) for need, shown in table.columns.items()},
            "all": _number(table.total),
        }
        for kind, table in tables.items()
    }
    return {"quarter": quarter, "note": NOTE, "rows": list(rows(tables)), "totals": totals}


def as_csv(quarter: str, tables: Mapping[str, Table]) -> str:
    """RFC 4180, a row for every number."""
    text = io.StringIO()
    sheet = csv.writer(text)
    sheet.writerow(("quarter", "how", "area", "need", "count"))
    sheet.writerows((quarter, row["kind"], row["area"], row["need"], row["says"]) for row in rows(tables))
    return text.getvalue()


def as_geojson(quarter: str, tables: Mapping[str, Table], middles: Mapping[str, Middle]) -> dict[str, Any]:
    """A point in the middle of every area, with its numbers (RFC 7946)."""
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [round(at.longitude, 5), round(at.latitude, 5)]},
            "properties": {
                "area": area,
                "quarter": quarter,
                **{kind: _number(t.rows[area]) for kind, t in tables.items() if area in t.rows},
            },
        }
        for area, at in middles.items()
    ]
    return {"type": "FeatureCollection", "features": features}


def as_page(quarter: str, tables: Mapping[str, Table], middles: Mapping[str, Middle]) -> str:
    """A map and a table for each way in which needs were not met; the table says all that the map shows."""
    parts = "".join(_part(kind, table, middles) for kind, table in tables.items())
    return (
        '<!doctype html><html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>Unmet need, {quarter}</title><style>{STYLE}</style></head>"
        f"<body><main><h1>Unmet need, {quarter}</h1><p>{NOTE}</p>{parts}</main></body></html>"
    )


def _part(kind: str, table: Table, middles: Mapping[str, Middle]) -> str:
    title = TITLES[kind]
    if not table.cells:
        return f"<h2>{title}</h2><p>Nothing was counted.</p>"
    return f"<h2>{title}</h2>{_map(title, table, middles)}{_table(title, table)}"


def _map(title: str, table: Table, middles: Mapping[str, Middle]) -> str:
    known = {area: middles[area] for area in table.rows if area in middles}
    if not known:
        return ""
    at, height = _projected(known)
    most = max((shown.count or 0 for shown in table.rows.values()), default=0)
    marks = "".join(_mark(area, table.rows[area], *at[area], most) for area in known)
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img"'
        f' aria-label="{title}: a map; the table below says the same">'
        f"<title>{title} by area</title>{marks}</svg>"
    )


def _mark(area: str, shown: Shown, x: float, y: float, most: int) -> str:
    size = SMALLEST if shown.count is None else max(SMALLEST, LARGEST * sqrt(shown.count / most))
    few = ' class="few"' if shown.count is None else ""
    return (
        f"<g><title>{escape(area)}: {shown.says}</title>"
        f'<circle{few} cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}"/>'
        f'<text x="{x:.1f}" y="{y + size + 14:.1f}" text-anchor="middle">{escape(area)}</text></g>'
    )


def _projected(known: Mapping[str, Middle]) -> tuple[dict[str, tuple[float, float]], int]:
    """Places on the page, north at the top, a kilometre as long either way; and how high the page is."""
    narrow = cos(radians(sum(at.latitude for at in known.values()) / len(known)))
    east = {area: at.longitude * narrow for area, at in known.items()}
    north = {area: at.latitude for area, at in known.items()}
    west, top = min(east.values()), max(north.values())
    wide, high = max(max(east.values()) - west, 1e-3), max(top - min(north.values()), 1e-3)
    scale = min((WIDTH - 2 * MARGIN) / wide, (HEIGHT - 2 * MARGIN) / high)
    left = (WIDTH - wide * scale) / 2
    placed = {
        area: (left + (east[area] - west) * scale, MARGIN + (top - north[area]) * scale) for area in known
    }
    return placed, round(high * scale) + 2 * MARGIN


def _table(title: str, table: Table) -> str:
    needs = list(table.columns)
    head = "".join(f'<th scope="col">{escape(need.replace("_", " "))}</th>' for need in needs)
    body = "".join(
        f'<tr><th scope="row">{escape(area)}</th>'
        + "".join(_cell(table.cells.get((area, need))) for need in needs)
        + f"{_cell(total)}</tr>"
        for area, total in table.rows.items()
    )
    foot = "".join(_cell(table.columns[need]) for need in needs) + _cell(table.total)
    return (
        f'<table><caption>{title}, by area and need</caption><thead><tr><th scope="col">Area</th>{head}'
        f'<th scope="col">All</th></tr></thead><tbody>{body}</tbody>'
        f'<tfoot><tr><th scope="row">All</th>{foot}</tr></tfoot></table>'
    )


def _cell(shown: Shown | None) -> str:
    if shown is None:
        return "<td>0</td>"
    return f'<td class="few">{shown.says}</td>' if shown.count is None else f"<td>{shown.says}</td>"


def _number(shown: Shown) -> dict[str, Any]:
    return {"count": shown.count, "exact": shown.exact, "says": shown.says}
