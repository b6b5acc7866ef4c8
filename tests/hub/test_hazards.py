"""The hazard log names tests there are: every hazard at least one, and each by the path that runs it."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOG = ROOT / "docs" / "hazards.md"
LINE = re.compile(r"^\| (H\d+) \|", re.MULTILINE)
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def _hazards() -> dict[str, list[tuple[str, str]]]:
    lines = LOG.read_text("utf-8").splitlines()
    return {found[1]: TEST.findall(line) for line in lines if (found := LINE.match(line))}


def test_hazards_are_numbered_without_a_gap() -> None:
    assert list(_hazards()) == [f"H{number}" for number in range(1, len(_hazards()) + 1)]
    assert len(_hazards()) >= 11


def test_every_hazard_has_a_test_and_every_test_is_there() -> None:
    assert [hazard for hazard, tests in _hazards().items() if not tests] == []
    missing = [
        f"{hazard}: {path}::{name}"
        for hazard, tests in _hazards().items()
        for path, name in tests
        if f"def {name}(" not in (ROOT / path).read_text("utf-8")
    ]
    assert missing == []
