"""Twenty-six services that do not exist, for streets of BS5 that do: `offers.json`, read."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "offers.json"


@dataclass(frozen=True)
class Organisation:
    """Somebody who runs services."""

    name: str
    about: str
    charity: str | None = None
    visibility: str | None = None


@dataclass(frozen=True)
class Offer:
    """One service: whose, for whom, where and when. Every name says that it is synthetic."""

    name: str
    by: str
    about: str
    terms: list[str]
    postcode: str | None = None
    when: str = ""
    ages: tuple[int, int] | None = None
    cost: float | None = None
    language: str | None = None
    visibility: str | None = None
    level: int = 2
    referral: str = "self"
    removes: tuple[str, ...] = ()


@cache
def _said() -> dict[str, Any]:
    return json.loads(FILE.read_text(encoding="utf-8"))


def offers() -> list[Offer]:
    """Every offer, in the order of the file."""
    return [Offer(**offer) for offer in _said()["offers"]]


def organisation(key: str) -> Organisation:
    """Who is behind an offer."""
    return Organisation(**_said()["organisations"][key])


def parent_of(term: str) -> str | None:
    """The term above a term; None at the top."""
    return _said()["terms"][term]
