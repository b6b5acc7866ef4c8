"""The copy for people: a tagged PDF (PDF/UA-1) that reads from top to bottom, made by Typst.

What the records say reaches the template as data, never as markup.
"""

import asyncio
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import typst

from gateway.rights.laid_out import numbered, sections, whose
from gateway.rights.words import category_in_words
from gateway.rights.written import whole, written

TEMPLATE = Path(__file__).with_name("readable.typ").read_bytes()
LETTER = Path(__file__).with_name("letter.typ").read_bytes()
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
    request, name = copy["request"], whose(copy)
    return {
        "whose": name,
        "asked_by": request["asked_by"],
        "capacity": CAPACITIES[request["capacity"]],
        "received": written(request["received_on"]),
        "released": written(request["released_at"]),
        "request": request["request"],
        "records": len(copy["records"]),
        "sections": sections(copy["records"], {**agencies, request["subject"]: name}),
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
        "not_here": copy["not_here"],
    }


def _between(first: str, last: str) -> str:
    return first if first == last else f"{first} to {last}"


def _manifest(listed: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """What was taken out or left out, one line for each law and kind: every record of it by its number."""
    found: dict[tuple[str, str], list[int]] = {}
    for one in listed:
        kind = "Partly shown" if one["decision"] == "redact" else "Not shown"
        found.setdefault((kind, one["law"]), []).append(one["number"] if "number" in one else one["withheld"])
    return [
        {
            "which": numbered(numbers) if kind == "Partly shown" else _counted(len(numbers)),
            "what": kind,
            "law": law,
        }
        for (kind, law), numbers in found.items()
    ]


def _counted(many: int) -> str:
    return "1 record" if many == 1 else f"{many} records"
