"""How a view becomes an answer: the bytes as PostgreSQL built them."""

from typing import Any

from fastapi import Response

from hub.database import Tx
from hub.view import View


async def show(tx: Tx, view: View, status: int = 200, /, **values: Any) -> Response:
    """The view, as far as the caller may see it. NotFound when its anchor shows nothing."""
    return Response(await tx.show(view, **values), status, media_type="application/json")
