"""The copy for people: a tagged PDF (PDF/UA-1) that reads from top to bottom, made by Typst.

What the records say reaches the template as data, never as markup.
"""

import asyncio
import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast

import typst

from gateway.rights.proposals import REDACTED
from gateway.rights.words import category_in_words, field_in_words, part_in_words, plain, value_in_words
from hub.heard import LONDON

TEMPLATE = Path(__file__).with_name("readable.typ").read_bytes()
LETTER = Path(__file__).with_name("letter.typ").read_bytes()
ID_LENGTH = 36
CAPACITIES = {
    "self": "for themselves",
    "parental_responsibility": "with parental responsibility",
    "representative": "as a representative",
}


async def pdf(copy: Mapping[str, Any], agencies: Mapping[str, str]) -> bytes:
    """The copy as a PDF, made beside the event loop. `agencies` are their names as people know them."""
    return await asyncio.to_thread(_compiled, TEMPLATE, json.dumps(_laid_out(copy, agencies)))


async def letter(said: Mapping[str, Any]) -> bytes:
    """A letter to the family as a PDF, from its parts (gateway.rights.erasure.letters)."""
    return await asyncio.to_thread(_compiled, LETTER, json.dumps(said))


def _compiled(template: bytes, data: str) -> bytes:
    return typst.compile(
        template, format="pdf", sys_inputs={"copy": data}, pdf_standards="ua-1", ignore_system_fonts=True
    )


def _laid_out(copy: Mapping[str, Any], agencies: Mapping[str, str]) -> dict[str, Any]:
    """What the template prints: records, who was shown them, what was put right, what is not here."""
    request = copy["request"]
    return {
        "asked_by": request["asked_by"],
        "capacity": CAPACITIES[request["capacity"]],
        "received": written(request["received_on"]),
        "released": written(request["released_at"]),
        "request": request["request"],
        "records": len(copy["records"]),
        "sections": _sections(copy["records"], agencies),
        "recipients": [
            {
                "name": whole(one["name"]),
                "what": ", ".join(category_in_words(each).lower() for each in one["categories"]),
                "when": _between(written(one["first"])[:-7], written(one["last"])[:-7]),
            }
            for one in copy["recipients"]
        ],
        "corrections": [
            {**one, "at": written(one["at"]), "told": ", ".join(map(whole, one["told"]))}
            for one in copy["corrections"]
        ],
        "manifest": _manifest(copy["manifest"]),
    }


def _between(first: str, last: str) -> str:
    return first if first == last else f"{first} to {last}"


def _sections(records: Iterable[Mapping[str, Any]], agencies: Mapping[str, str]) -> list[dict[str, Any]]:
    """The records by part. Those that only say they are somebody else's are counted, not repeated."""
    found: dict[str, dict[str, Any]] = {}
    for one in records:
        section = found.setdefault(
            one["part"], {"title": part_in_words(one["part"]), "records": [], "others": []}
        )
        if one["content"].keys() == {"about"}:
            section["others"].append(one["number"])
        else:
            lines = list(_lines(one["content"], agencies))
            section["records"].append({"number": one["number"], "redacted": one["redacted"], "lines": lines})
    for section in found.values():
        section["others"] = _records(section["others"])
    return list(found.values())


def _manifest(listed: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """What was taken out or left out, one line for each law and kind: every record of it by its number."""
    found: dict[tuple[str, str], list[int]] = {}
    for one in listed:
        kind = "Partly shown" if one["decision"] == "redact" else "Not shown"
        found.setdefault((kind, one["law"]), []).append(one["number"] if "number" in one else one["withheld"])
    return [
        {
            "which": _records(numbers) if kind == "Partly shown" else _counted(len(numbers)),
            "what": kind,
            "law": law,
        }
        for (kind, law), numbers in found.items()
    ]


def _counted(many: int) -> str:
    return "1 record" if many == 1 else f"{many} records"


def _records(numbers: Sequence[int]) -> str:
    """`Record 1`, `Records 1, 3 to 5`: numbers as people read them out; nothing for none."""
    said: list[list[int]] = []
    for number in sorted(numbers):
        if said and number == said[-1][-1] + 1:
            said[-1].append(number)
        else:
            said.append([number])
    runs = ", ".join(f"{run[0]} to {run[-1]}" if len(run) > 1 else str(run[0]) for run in said)
    return runs and f"Record{'s' if len(numbers) > 1 else ''} {runs}"


def _lines(content: Mapping[str, Any], agencies: Mapping[str, str]) -> Iterable[list[str]]:
    for name, value in content.items():
        words = _name(value, agencies) or written(value, name)
        if words:
            yield [field_in_words(name), words]


def _name(value: Any, agencies: Mapping[str, str]) -> str:
    """The name of the agency a value is the id of. What is taken out names nobody, whatever else is."""
    if not isinstance(value, str) or value == REDACTED:
        return ""
    return whole(agencies.get(value, ""))


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
