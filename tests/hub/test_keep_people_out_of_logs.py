"""A log line says what happened and to which id. Nobody's words get in, whoever tries to log them."""

import ast
import json
import logging
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.logs import UNSAID, LibraryLine, only_what_is_known

ROOT = Path(__file__).parent.parent.parent
LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}


def test_keeps_ids_numbers_and_what_it_knows() -> None:
    said = {
        "event": "answered",
        "route": "/people/{person}",
        "status": 200,
        "milliseconds": 1.5,
        "request_id": str(uuid4()),
        "kind": "TimeoutError",
    }
    assert only_what_is_known(None, "", dict(said)) == said


def test_drops_free_text_wherever_it_stands() -> None:
    words = "47 Zebedee Lane"
    said = {
        "event": words,
        "detail": words,
        "kind": words,
        "route": f"/{words}",
        words: 1,
        "row": {"a": words},
    }
    assert only_what_is_known(None, "", said) == {"event": UNSAID}


@given(st.dictionaries(st.text(), st.text(), max_size=5))
def test_no_text_under_an_unknown_key_gets_in(said: dict[str, str]) -> None:
    kept = only_what_is_known(None, "", {f"x_{key}": value for key, value in said.items()})
    assert kept == {"event": UNSAID}


def test_a_library_that_quotes_a_row_is_heard_and_not_quoted() -> None:
    reason = ValueError("47 Zebedee Lane")
    failure = (ValueError, reason, None)
    record = logging.LogRecord(
        "asyncpg", logging.ERROR, __file__, 1, "lost %s", ("47 Zebedee Lane",), failure
    )
    line = LibraryLine().format(record)
    assert "Zebedee" not in line
    assert json.loads(line)["kind"] == "ValueError"


@pytest.mark.parametrize("part", ["hub", "gateway", "services", "deploy"])
def test_what_happened_is_always_a_plain_literal(part: str) -> None:
    """Words put together at run time would be words about somebody."""
    wrong = [
        f"{file.relative_to(ROOT)}:{call.lineno}"
        for file in (ROOT / part).rglob("*.py")
        for call in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr in LEVELS
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id in ("log", "logger")
        and not (call.args and isinstance(call.args[0], ast.Constant))
    ]
    assert wrong == []
