"""The page a feed answers with, in any spelling met so far, and the documents that hold services."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn, cast

from services.directory.formats.oruk.fields import Fields, as_list, is_list, is_object

ENVELOPE = ("contents", "content", "empty", "total_items", "total_elements")


class NotAFeed(Exception):
    """This is not a document with services in it."""


@dataclass(frozen=True)
class FeedPage:
    """One page of services, and whether it says it is the last."""

    services: list[object]
    last: bool
    total: int | None = None


def parse(body: bytes) -> object:
    """JSON, or JSON one record a line, where a bad line is left as text. NotAFeed for anything else."""
    try:
        words = body.decode("utf-8-sig")
        return _loaded(words)
    except (ValueError, RecursionError) as reason:
        lines = [line for line in body.decode(errors="replace").splitlines() if line.strip()]
        records = [_record(line) for line in lines]
        if not any(is_object(record) for record in records):
            raise NotAFeed("The answer is not JSON.") from reason
        return records


def read_page(parsed: object, number: int = 1) -> FeedPage:
    """The services of a page, of a bare list, or of one full document.

    A service, an organisation with its services and a service at a location are such documents.
    `number` is the page that was asked for. Raises NotAFeed.
    """
    if is_list(parsed):
        return FeedPage(all_services(as_list(parsed)), last=True)
    if not is_object(parsed):
        raise NotAFeed("The answer holds no list of services.")
    said = Fields(parsed, "", [])
    if "id" in said:
        return FeedPage(_services(parsed), last=True)
    if not any(name in said for name in ENVELOPE):
        raise NotAFeed("The answer holds no list of services.")
    listed: object = said.raw("contents") or said.raw("content") or []
    if not is_list(listed):
        raise NotAFeed("The answer's contents are not a list.")
    services = all_services(as_list(listed))
    total = said.whole("total_items", 0, 10**9) or said.whole("total_elements", 0, 10**9)
    return FeedPage(services, last=not services or _is_last(said, number), total=total)


def all_services(documents: list[object]) -> list[object]:
    """The services in documents, each with what was said around it."""
    return [service for document in documents for service in _services(document)]


def _services(document: object) -> list[object]:
    """The services in a document: itself, an organisation's, or the one a service at a location names.

    What holds none stands for itself, to be refused in its place with its reason.
    """
    if not isinstance(document, Mapping):
        return [document]
    whole = dict(cast("Mapping[str, Any]", document))
    service = whole.get("service")
    if isinstance(whole.get("services"), list):
        organization = {name: value for name, value in whole.items() if name != "services"}
        return [_with(each, organization=organization) for each in as_list(whole["services"])]
    if is_object(service) and "status" not in whole:
        here = {name: value for name, value in whole.items() if name != "service"}
        return [_with(service, service_at_locations=[here])]
    return [whole]


def _with(document: object, **more: object) -> object:
    """A document with what was said around it, unless it says so itself."""
    return {**more, **cast("Mapping[str, Any]", document)} if is_object(document) else document


def _is_last(envelope: Fields, number: int) -> bool:
    """What the envelope says; one that says nothing has only this page."""
    pages = envelope.number("total_pages", 0, 10**9)
    if pages is not None:
        return number >= pages
    said = envelope.raw("last_page") if "last_page" in envelope else envelope.raw("last")
    return said is not False


def _record(line: str) -> object:
    try:
        return _loaded(line)
    except (ValueError, RecursionError):
        return line


def _loaded(words: str) -> object:
    return json.loads(words, parse_constant=_refuse)


def _refuse(word: str) -> NoReturn:
    raise ValueError(word)
