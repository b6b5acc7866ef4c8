"""What is taken out of a listing's words before anybody reads them: it is named elsewhere, for fewer."""

import re
from collections.abc import Callable, Iterable, Mapping
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
    return every_text(said, lambda text: MAILBOX.sub(lambda found: _mask(found[0], withheld), text), name)


def every_text(said: Any, mask: Callable[[str], str], name: str = "") -> Any:
    """The same with every text in it masked; a link or an address with a hole in it is left out whole."""
    if isinstance(said, str):
        shown = mask(said)
        return None if shown != said and name in LINKS else shown
    if isinstance(said, Mapping):
        return {key: every_text(part, mask, key) for key, part in _parts(said)}
    if isinstance(said, list):
        return [every_text(part, mask, name) for _, part in _parts(said)]
    return said


def _mask(mailbox: str, withheld: AbstractSet[str]) -> str:
    return MASK if plain(mailbox) in withheld else mailbox


def _parts(said: Any) -> Iterable[tuple[str, Any]]:
    if isinstance(said, Mapping):
        named = cast("Mapping[str, Any]", said)
        return list(named.items())
    return [("", part) for part in cast("list[Any]", said)] if isinstance(said, list) else []
