"""A list as whoever needs the whole of it reads it: page after page."""

from typing import Any

from deploy.demo.partner import Partner


async def every(partner: Partner, path: str, what: str, **params: Any) -> list[dict[str, Any]]:
    """All rows of a list, in its order; `what` names them in a page, which has up to `limit`."""
    found, cursor = list[dict[str, Any]](), None
    while True:
        asked = params | ({"cursor": cursor} if cursor else {})
        answer = await partner.get(path, params=asked)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        found += page[what]
        if (cursor := page["next"]) is None:
            return found
