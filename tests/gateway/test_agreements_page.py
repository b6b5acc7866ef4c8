"""The page on sharing agreements lists the words that are known, all of them, and its example is taken."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from gateway.agreements import exchange
from gateway.agreements.words import DATA_TYPES, ORGANISATION_TYPES, PURPOSES

PAGE = (Path(__file__).parents[2] / "docs" / "formats" / "sharing-agreements.md").read_text("utf-8")
ROW = re.compile(r"^\| `([^`]+)` \| (.*) \|$", re.MULTILINE)


def listed(heading: str) -> Mapping[str, Sequence[str]]:
    """The rows below a heading: a word, and ours for it."""
    [section] = re.findall(rf"^## {heading}\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE)
    return {word: sorted(re.findall(r"`([^`]+)`", ours)) for word, ours in ROW.findall(section)}


def test_its_data_types_are_the_ones_that_are_read() -> None:
    assert listed("Data types") == {word: sorted(ours) for word, ours in DATA_TYPES.items()}


def test_its_types_of_organisation_are_the_ones_that_are_read() -> None:
    assert listed("Types of organisation") == {word: sorted(o) for word, o in ORGANISATION_TYPES.items()}


def test_its_purposes_and_modes_are_the_ones_that_are_read() -> None:
    assert listed("Purposes") == {word: [str(ours)] for word, ours in PURPOSES.items()}
    assert list(listed("Modes")) == list(get_args(exchange.Mode))


def test_its_example_is_taken() -> None:
    [example] = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    said: Any = json.loads(example)
    document = exchange.ExchangeDocument.model_validate(said)
    [term] = exchange.read([document], {"oakfield-primary": "school", "northshire-housing": "housing"})
    assert (term.disclosers, term.receivers) == (["oakfield-primary"], ["northshire-housing"])
