"""A name and a birthday as one key: written differently, meant alike."""

import unicodedata
from datetime import date


def key(given_name: str, family_name: str, date_of_birth: date) -> str:
    """The same for Zoë O'Neil and ZOE ONEIL: letters alone, without accents and case.

    It is only ever kept and compared as a keyed digest.
    """
    return f"name|{_letters(given_name)}|{_letters(family_name)}|{date_of_birth.isoformat()}"


def _letters(name: str) -> str:
    # Twice: folding can bring out what decomposes, and the other way round.
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    return "".join(letter for letter in folded if letter.isalpha())
