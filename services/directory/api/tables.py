"""Answers as a table, for a mail merge or a spreadsheet (RFC 4180)."""

import csv
from collections.abc import Sequence
from io import StringIO
from typing import Annotated, Literal

from fastapi import Query, Response
from pydantic import BaseModel

Format = Annotated[Literal["json", "csv"], Query(description="`csv` for a mail merge or a spreadsheet")]
# A spreadsheet would run these.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def answer(
    format: Literal["json", "csv"],  # noqa: A002  # the parameter's name in the query
    whole: BaseModel,
    rows: Sequence[BaseModel],
    kind: type[BaseModel],
    following: str | None = None,
) -> Response:
    """The whole as JSON, or its rows as CSV with the next page's cursor in a header."""
    headers = {"cache-control": "no-store"}
    if format == "json":
        return Response(whole.model_dump_json(), media_type="application/json", headers=headers)
    if following:
        headers["link"] = f'<?format=csv&cursor={following}>; rel="next"'
    return Response(_table(rows, kind), media_type="text/csv", headers=headers)


def _table(rows: Sequence[BaseModel], kind: type[BaseModel]) -> str:
    columns, text = list(kind.model_fields), StringIO()
    out = csv.DictWriter(text, columns)
    out.writeheader()
    for row in rows:
        out.writerow({name: _cell(value) for name, value in row.model_dump(mode="json").items()})
    return text.getvalue()


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
