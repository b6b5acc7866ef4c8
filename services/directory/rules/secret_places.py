"""How the address of a secret place is known again in words, and taken out of them (decision 0024).

Patterns are as both Python and PostgreSQL read them: what is stored is masked where it is stored.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from services.directory.rules import masks

# A place as it is known again: its name, and city, address_1 and postal_code of an address of its.
Place = Mapping[str, Any]
# Every text that is published about a service, by table. Categories are words for everybody.
PUBLISHED = {
    "service": ("name", "description", "fees", "alert", "accreditations", "url"),
    "organization": ("name", "description", "website", "logo", "uri"),
    "location": ("name", "description"),
    "accessibility": ("description", "details", "accessibility", "url"),
    "schedule": ("description", "notes", "schedule_link"),
    "service_area": ("name", "extent", "service_area", "uri"),
    "cost_option": ("option", "amount_description"),
    "funding": ("source",),
    "contact": ("name", "title"),
    "phone": ("number", "description"),
    "capacity": ("description", "unit"),
}
BETWEEN = r"(?:[\s,.+_/-]|%20)*"
SHORT = {"street": "st", "road": "rd", "avenue": "ave", "lane": "ln", "drive": "dr", "close": "cl"}
WRITTEN = {**{long: f"(?:{long}|{short})" for long, short in SHORT.items()}} | {
    short: f"(?:{long}|{short})" for long, short in SHORT.items()
}
NUMBER = re.compile(r"^\d+\s?[a-z]?(?:\s?[-/]\s?\d+[a-z]?)?\s+", re.IGNORECASE)
POSTCODE = re.compile(r"^([A-Z]{1,2}\d[A-Z\d]?)\s*(\d[A-Z]{2})$", re.IGNORECASE)


def sought(places: Iterable[Place], names: Iterable[str | None] = ()) -> str | None:
    """What to look for in the words of a service that is called something; None if nothing."""
    known = [name.casefold() for name in names if name]
    return _any({phrase for place in places for phrase in _phrases(place, known)})


def found_by(places: Iterable[Place], still: Collection[str] = ()) -> str | None:
    """By what else search finds places: their names and towns, but for those that others still have."""
    words = {place[part] for place in places for part in ("name", "city") if place[part]}
    return _any({word for word in words if word.casefold() not in still})


def without(said: Any, pattern: str | None, column: str = "") -> Any:
    """The same without what is looked for: words keep a mask, a link is left out whole."""
    if pattern is None:
        return said
    looked_for = re.compile(pattern, re.IGNORECASE)
    return masks.every_text(said, lambda text: looked_for.sub(masks.MASK, text), column)


def without_words(keywords: str, *patterns: str | None) -> str:
    """Words that nobody reads, by which search finds: nothing is left in place of those taken out."""
    for pattern in patterns:
        keywords = re.sub(pattern, " ", keywords, flags=re.IGNORECASE) if pattern else keywords
    return " ".join(keywords.split())


def _phrases(place: Place, names: Collection[str]) -> Iterator[str]:
    """The whole address, its postcode, and each part that tells where it is though it stands alone."""
    address, code = place["address_1"] or "", place["postal_code"] or ""
    yield from (whole for whole in (address, POSTCODE.sub(r"\1 \2", code.strip())) if len(whole) > 4)
    parts = [part.strip() for part in re.split(r"[,;\n]", address)]
    streets = [NUMBER.sub("", part) for part in parts]
    for phrase in (*parts, *streets, place["name"] or ""):
        alone = len(phrase.split()) > 1 and phrase.casefold() != (place["city"] or "").casefold()
        # What a service is called says no more than its name does; with the number of a house it does.
        if alone and (phrase[0].isdigit() or not any(phrase.casefold() in name for name in names)):
            yield phrase


def _any(phrases: Collection[str]) -> str | None:
    written = [_written(phrase) for phrase in sorted(phrases, key=lambda one: (-len(one), one))]
    said = "|".join(one for one in written if re.search("[a-z]", one, re.IGNORECASE))
    return rf"(?<!\w)(?:{said})(?!\w)" if said else None


def _written(phrase: str) -> str:
    """However it is written: in a link, with a comma after the number, with or without apostrophes."""
    words = (word.strip(".").casefold() for word in re.split(r"[\s,+_/-]+", phrase))
    return BETWEEN.join(WRITTEN.get(word) or _word(word) for word in words if word)


def _word(word: str) -> str:
    return re.sub("['\u2019]", "['\u2019]?", "".join(c if c in "'\u2019" else re.escape(c) for c in word))
