"""A listing as its provider reads it: labels and words, nothing that could be markup."""

from collections.abc import Iterable, Mapping
from html import escape
from string import Template
from typing import Any

from gateway.directory.words import MONTHLY, TO, WORDS, weekdays

Document = Mapping[str, Any]


def said(language: str, name: str, **values: str) -> str:
    """Words of a page, as HTML."""
    return Template(escape(WORDS[language][name])).substitute({k: escape(v) for k, v in values.items()})


def lines(words: Iterable[str]) -> str:
    """Several things below each other."""
    return "<br>".join(escape(word) for word in words if word)


def facts(document: Document, places: Iterable[Mapping[str, str]], language: str) -> str:
    """The listing as a list of what it says, and of what it does not."""
    shown = {
        "alert": lines([document.get("alert", "")]),
        "description": lines(str(document.get("description", "")).splitlines()),
        "status": said(language, str(document["status"])),
        "phones": lines(_phone(phone) for phone in document.get("phones", ())),
        "email": lines([document.get("email", "")]),
        "url": lines([document.get("url", "")]),
        "times": lines(times(document, language)),
        "places": lines(", ".join(filter(None, (p.get("name"), p.get("address")))) for p in places),
        "ages": escape(ages(document, language)),
        "fees": lines(str(document.get("fees", "")).splitlines()),
    }
    none = f'<span class="quiet">{said(language, "none")}</span>'
    told = [
        f"<div><dt>{said(language, name)}</dt><dd>{words or none}</dd></div>"
        for name, words in shown.items()
        if words or name != "alert"
    ]
    return f'<dl class="facts">\n{chr(10).join(told)}\n</dl>'


def ages(document: Document, language: str) -> str:
    """`5 to 11`; nothing if there is no limit."""
    low, high = (document.get(name) for name in ("minimum_age", "maximum_age"))
    words = WORDS[language]
    if low is None and high is None:
        return ""
    if high is None:
        return words["from"].replace("$low", f"{low:g}")
    if low is None:
        return words["up_to"].replace("$high", f"{high:g}")
    return words["from_to"].replace("$low", f"{low:g}").replace("$high", f"{high:g}")


def times(document: Document, language: str) -> list[str]:
    """When it is open, a line for each schedule."""
    return [_schedule(schedule, language) for schedule in document.get("schedules", ())]


def _schedule(schedule: Mapping[str, Any], language: str) -> str:
    opens, closes = (str(schedule.get(name, ""))[:5] for name in ("opens_at", "closes_at"))
    clock = f"{opens} {TO[language]} {closes}" if opens and closes else opens
    monthly = MONTHLY[language] if schedule.get("freq") == "MONTHLY" else ""
    days = weekdays(str(schedule.get("byday", "")), language)
    return ", ".join(filter(None, (days, monthly, clock, schedule.get("description"))))


def _phone(phone: Mapping[str, str]) -> str:
    return f"{phone['number']} ({phone['description']})" if phone.get("description") else phone["number"]
