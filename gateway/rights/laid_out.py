"""The records of a copy by part, as they are read: steps in a table, the rest one by one."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gateway.rights.proposals import REDACTED
from gateway.rights.words import part_in_words
from gateway.rights.written import lines, said, written
from hub.copies import ERASED

NOBODY_NAMED = "the person asked about"
# So many lines stand in one piece; what is longer is broken over pages, or would run off the first.
ONE_PIECE = 30
# How many letters are sure to fit on a line of a record, and of a step's row in a table.
WIDE, NARROW = 60, 20
STEPS = frozenset({"moves", "assessment_moves", "plan_moves"})
# What a step's other columns say.
COLUMNS = frozenset({"number", "status", "by", "at"})


def whose(copy: Mapping[str, Any]) -> str:
    """Whose records they are, as the records that are released name them; in words where none does."""
    for one in copy["records"]:
        found: Any = one["content"]
        if one["part"] == "identities" and _is_of(found, copy["request"]["subject"]):
            name = " ".join(str(found.get(part) or REDACTED) for part in ("given_name", "family_name"))
            if REDACTED not in name:
                return name
    return NOBODY_NAMED


def _is_of(content: Any, subject: str) -> bool:
    return content != ERASED and content.get("person") == subject


def sections(records: Iterable[Mapping[str, Any]], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """The records by part. Those that only say they are somebody else's are counted, not repeated.

    `names` are what agencies, and whoever is asked about, are called, by their id.
    """
    found: dict[str, dict[str, Any]] = {}
    others: dict[str, list[int]] = {}
    for one in records:
        title = part_in_words(one["part"])
        section = found.setdefault(one["part"], {"title": title, "records": [], "steps": []})
        if one["content"] == ERASED:
            section["records"].append(_record(one, [["Erased", "Since this copy was released."]]))
        elif one["content"].keys() == {"about"}:
            others.setdefault(one["part"], []).append(one["number"])
        elif one["part"] in STEPS and _height((step := _step(one, names))["what"], NARROW) <= ONE_PIECE:
            section["steps"].append(step)
        else:
            section["records"].append(_record(one, list(lines(one["content"], names))))
    return [{**section, "others": numbered(others.get(part, []))} for part, section in found.items()]


def _record(one: Mapping[str, Any], written_lines: list[list[str]]) -> dict[str, Any]:
    long = sum(_height(words, WIDE) for _, words in written_lines) > ONE_PIECE
    return {"number": one["number"], "redacted": one["redacted"], "lines": written_lines, "long": long}


def _step(one: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """A step as a row: the record's number, which step, what was done and said, by whom and when."""
    content = one["content"]
    rest = lines({name: value for name, value in content.items() if name not in COLUMNS}, names)
    what = [written(content.get("status"), "status"), *(f"{label}: {words}" for label, words in rest)]
    return {
        "record": one["number"],
        "redacted": one["redacted"],
        "step": written(content.get("number")),
        "what": "\n".join(filter(None, what)),
        "by": said(content.get("by"), "by", names),
        "when": written(content.get("at")),
    }


def _height(words: str, width: int) -> int:
    return sum(1 + len(line) // width for line in words.split("\n"))


def numbered(numbers: Sequence[int]) -> str:
    """`Record 1`, `Records 1, 3 to 5`: numbers as people read them out; nothing for none."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    read = ", ".join(f"{run[0]} to {run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs)
    return read and f"Record{'s' if len(numbers) > 1 else ''} {read}"
