"""Which listings plainly say that where they are is a secret: refuges above all, in English and Welsh.

The words are data (`confidential.json`). In doubt a place is kept back: a person lets it out again.
"""

import json
import re
from collections.abc import Iterable
from pathlib import Path

SAID: dict[str, list[str]] = json.loads(Path(__file__).with_suffix(".json").read_text("utf-8"))


def _any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(phrases, key=len, reverse=True)
    words = "|".join(re.escape(phrase).replace(r"\ ", r"[\s-]+") for phrase in longest_first)
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)


NAMES, TEXTS = _any_of(SAID["names"]), _any_of(SAID["texts"])


def secret_words(names: Iterable[str | None], texts: Iterable[str | None]) -> str | None:
    """The words by which a listing says that its place is a secret, if it does.

    `names` are its own and its places' and the terms it is under; `texts` what it says at length.
    """
    for pattern, said in ((NAMES, names), (TEXTS, texts)):
        for text in said:
            if found := pattern.search((text or "").replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")):
                return found[0].casefold()
    return None
