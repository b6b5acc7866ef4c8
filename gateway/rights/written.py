"""A field of a record as a person writes it: codes are words, ids names or nothing, times London's."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import Any, cast

from gateway.rights.proposals import ANOTHER, REDACTED
from gateway.rights.words import field_in_words, plain, value_in_words
from hub.heard import LONDON

ID_LENGTH = 36
# Whose a record is, the copy says once.
WHOSE = frozenset({"person", "subject"})


def lines(content: Mapping[str, Any], names: Mapping[str, str]) -> Iterable[list[str]]:
    """Each field that says something to a person: its label, and its words.

    `names` are what agencies, and whoever is asked about, are called, by their id.
    """
    for field, value in content.items():
        if field in WHOSE or _is_address(field, value):
            continue
        if words := said(value, field, names):
            yield [field_in_words(field), words]


def said(value: Any, field: str, names: Mapping[str, str]) -> str:
    """A field's value in words, with names for the ids that have one."""
    if not isinstance(value, list):
        return _name(value, names) or written(value, field)
    listed = cast("Sequence[Any]", value)
    others = sum(1 for one in listed if one == ANOTHER)
    alone = [_name(one, names) or written(one, field) for one in listed if one != ANOTHER]
    return "\n".join(filter(None, [*alone, _others(others)]))


def _others(many: int) -> str:
    return f"{many} other {'person' if many == 1 else 'people'}" if many else ""


def _is_address(field: str, value: Any) -> bool:
    """Whether this is where a directory's feed is fetched from: nothing that a person reads."""
    return field == "source" and isinstance(value, str) and value.startswith(("http:", "https:"))


def _name(value: Any, names: Mapping[str, str]) -> str:
    """The name that an id stands for. What is taken out names nobody, whatever else is."""
    if not isinstance(value, str) or value == REDACTED:
        return ""
    return whole(names.get(value, ""))


def whole(name: str) -> str:
    """A name some of which is taken out is taken out whole: the rest would say what it is of."""
    return REDACTED if REDACTED in name else name


def written(value: Any, field: str = "") -> str:
    """A field's value as a person writes it; nothing for an id, which says nothing to a person."""
    if value is None or _is_id(value):
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, Mapping):
        return _in_one_line(cast("Mapping[str, Any]", value))
    if isinstance(value, list):
        return "\n".join(filter(None, (written(one, field) for one in cast("Sequence[Any]", value))))
    return _moment(str(value)) or value_in_words(field, str(value))


def _in_one_line(inner: Mapping[str, Any]) -> str:
    """`There is damp. (Standing: Fact)`: what was written first, and what is said of it behind."""
    text = written(inner.get("text"))
    rest = "; ".join(
        f"{plain(name)}: {words}"
        for name, one in inner.items()
        if name != "text" and (words := written(one, name))
    )
    return f"{text} ({rest})" if text and rest else text or rest


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and len(value) == ID_LENGTH and value.count("-") == 4


def _moment(text: str) -> str:
    """A day or a moment by London's clock; nothing for a text that is neither."""
    with suppress(ValueError, OverflowError):
        if len(text) == 10:
            return f"{date.fromisoformat(text):%-d %B %Y}"
        if len(text) > 18 and text[4] == "-" and text[10] == "T":
            return f"{datetime.fromisoformat(text).astimezone(LONDON):%-d %B %Y, %H:%M}"
    return ""
