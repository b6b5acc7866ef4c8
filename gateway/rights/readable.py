"""The copy for people: a tagged PDF (PDF/UA-1) that reads from top to bottom, made by Typst.

What the records say reaches the template as data, never as markup.
"""

import asyncio
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast

import typst

from hub.heard import LONDON

TEMPLATE = Path(__file__).with_name("readable.typ").read_bytes()
ID_LENGTH = 36
CAPACITIES = {
    "self": "for themselves",
    "parental_responsibility": "with parental responsibility",
    "representative": "as a representative",
}


async def pdf(copy: Mapping[str, Any], agencies: Mapping[str, str]) -> bytes:
    """The copy as a PDF, made beside the event loop. `agencies` are their names as people know them."""
    return await asyncio.to_thread(_compiled, json.dumps(_laid_out(copy, agencies)))


def _compiled(data: str) -> bytes:
    return typst.compile(
        TEMPLATE, format="pdf", sys_inputs={"copy": data}, pdf_standards="ua-1", ignore_system_fonts=True
    )


def _laid_out(copy: Mapping[str, Any], agencies: Mapping[str, str]) -> dict[str, Any]:
    """What the template prints: sections of records, each a list of labels and words."""
    request = copy["request"]
    sections: dict[str, list[Any]] = {}
    for one in copy["records"]:
        entry = {
            "number": one["number"],
            "redacted": one["redacted"],
            "lines": list(_lines(one["content"], agencies)),
        }
        sections.setdefault(_label(one["part"]), []).append(entry)
    return {
        "asked_by": request["asked_by"],
        "capacity": CAPACITIES[request["capacity"]],
        "received": _words(request["received_on"]),
        "released": _words(request["released_at"]),
        "request": request["request"],
        "sections": [{"title": title, "records": records} for title, records in sections.items()],
        "manifest": [
            {
                "which": f"Record {one['number']}" if "number" in one else f"Withheld {one['withheld']}",
                "what": "partly shown" if one["decision"] == "redact" else "not shown",
                "law": one["law"],
            }
            for one in copy["manifest"]
        ],
    }


def _lines(content: Mapping[str, Any], agencies: Mapping[str, str]) -> Iterable[list[str]]:
    for name, value in content.items():
        words = agencies[value] if isinstance(value, str) and value in agencies else _words(value)
        if words:
            yield [_label(name), words]


def _label(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _words(value: Any) -> str:
    """A value as a person writes it; nothing for an id, which says nothing to a person."""
    if value is None or _is_id(value):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        inner = cast("Mapping[str, Any]", value)
        return "; ".join(f"{_label(name)}: {_words(one)}" for name, one in inner.items() if _words(one))
    if isinstance(value, list):
        return "\n".join(filter(None, (_words(one) for one in cast("Sequence[Any]", value))))
    return _moment(str(value))


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and len(value) == ID_LENGTH and value.count("-") == 4


def _moment(text: str) -> str:
    try:
        if len(text) == 10:
            return f"{date.fromisoformat(text):%-d %B %Y}"
        if len(text) > 18 and text[4] == "-" and text[10] == "T":
            return f"{datetime.fromisoformat(text).astimezone(LONDON):%-d %B %Y, %H:%M}"
    except ValueError:
        return text
    return text.replace("_", " ") if text.islower() and " " not in text else text
