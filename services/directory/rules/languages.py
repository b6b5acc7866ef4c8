"""What languages are called: a code (ISO 639), or a name in English, in Welsh or in the language itself."""

import json
from functools import cache
from importlib.resources import files

from services.directory.rules.wording import plain


def tokens(said: str) -> list[str]:
    """By what an entry's filters know a language, from its code or any of its names."""
    name = said.strip().lower()
    code = _codes().get(plain(name), name)
    names = [name, *(other.lower() for other in _names().get(code, ()))]
    return [f"language-code:{code}", *(f"language:{other}" for other in dict.fromkeys([*names, code]))]


@cache
def _names() -> dict[str, list[str]]:
    return json.loads(files("services.directory.rules").joinpath("languages.json").read_text("utf-8"))


@cache
def _codes() -> dict[str, str]:
    return {plain(name): code for code, names in _names().items() for name in (code, *names)}
