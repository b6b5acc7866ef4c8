"""The local offer: services near a postcode, as the directory lists them. No personal data."""

from typing import Any
from urllib.parse import urlencode

from gateway.graphql.asking import Asking, PartMissing
from gateway.graphql.directory import WHOLE

MOST = 100


async def search(
    asking: Asking,
    wanted: frozenset[str],
    near: str | None,
    within_metres: int | None,
    search: str | None,
    first: int,
) -> list[dict[str, Any]]:
    """The first services that match, the nearest first where a postcode is given.

    Raises PartMissing where the directory is away, or does not understand the question.
    """
    asked = {
        "postcode": near,
        "proximity": within_metres,
        "search": search,
        "per_page": max(1, min(first, MOST)),
        "full": "true" if wanted & WHOLE else None,
    }
    given = {name: value for name, value in asked.items() if value is not None}
    found = await asking.get("directory", f"/services?{urlencode(given)}")
    if isinstance(found, PartMissing):
        raise found
    return found["contents"] if found else []
