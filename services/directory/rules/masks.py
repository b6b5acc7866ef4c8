"""What is taken out of a listing's words before anybody reads them: it is named elsewhere, for fewer."""

import re
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any, cast

MASK = "[withheld]"
MAILBOX = re.compile(r"[\w.%+'-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
# An address or a link with a hole in it leads nowhere, so the whole is left out.
LINKS = frozenset({"email", "url", "website", "uri", "logo", "schedule_link", "term_uri"})


def plain(mailbox: str) -> str:
    """A mailbox as two of them are compared."""
    return mailbox.casefold().replace("%40", "@")


def mailboxes(said: object) -> set[str]:
    """Every mailbox that is named anywhere in what was said."""
    if isinstance(said, str):
        return {plain(found) for found in MAILBOX.findall(said)}
    return set[str]().union(*(mailboxes(part) for _, part in _parts(said)))


def without(said: Any, withheld: AbstractSet[str], name: str = "") -> Any:
    """The same without some mailboxes: a link or an address is left out whole, words keep a mask."""
    if isinstance(said, str):
        if not withheld & mailboxes(said):
            return said
        return None if name in LINKS else MAILBOX.sub(lambda found: _mask(found[0], withheld), said)
    if isinstance(said, Mapping):
        return {key: without(part, withheld, key) for key, part in _parts(said)}
    if isinstance(said, list):
        return [without(part, withheld, name) for _, part in _parts(said)]
    return said


def without_places(text: str | None, places: Iterable[str]) -> str | None:
    """Words without some addresses, postcodes, names of places."""
    for place in places:
        words = r"[\s,]*".join(re.escape(word) for word in place.split())
        if text and words:
            text = re.sub(rf"(?<!\w){words}(?!\w)", MASK, text, flags=re.IGNORECASE)
    return text


def _mask(mailbox: str, withheld: AbstractSet[str]) -> str:
    return MASK if plain(mailbox) in withheld else mailbox


def _parts(said: Any) -> Iterable[tuple[str, Any]]:
    if isinstance(said, Mapping):
        named = cast("Mapping[str, Any]", said)
        return list(named.items())
    return [("", part) for part in cast("list[Any]", said)] if isinstance(said, list) else []
