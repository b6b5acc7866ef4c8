"""The form on which a provider says what has changed: its fields, what was entered, what is wrong with it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

from gateway.directory.shown import Document, said, times

STATUSES = ("active", "temporarily closed", "defunct")
PHONE = re.compile(r"[0-9+() ./extEXT-]{3,40}")
EMAIL = re.compile(r"[^@\s<>\"]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
URL = re.compile(r"https?://[^\s<>\"]+\.[^\s<>\"]+")
LONGEST = {"email": 200, "url": 2000, "fees": 2000, "description": 10_000, "times": 450, "else": 450}
AREAS = {"description": 6, "fees": 2, "times": 3, "else": 3}


@dataclass
class Entered:
    """What stands in the form, by field, and what is wrong, by field."""

    values: dict[str, str]
    phones: int
    wrong: dict[str, str] = field(default_factory=dict[str, str])


def as_published(document: Document) -> Entered:
    """The form before anybody touched it."""
    numbers = [phone["number"] for phone in document.get("phones", ())]
    values = {f"phone-{place}": number for place, number in enumerate([*numbers, ""], 1)}
    for name in ("description", "email", "url", "fees"):
        values[name] = str(document.get(name, ""))
    for name, column in (("youngest", "minimum_age"), ("oldest", "maximum_age")):
        age = document.get(column)
        values[name] = "" if age is None else f"{age:g}"
    return Entered({**values, "status": str(document["status"]), "times": "", "else": ""}, len(numbers) + 1)


def read(document: Document, sent: Mapping[str, str]) -> Entered:
    """What was entered, checked."""
    entered = as_published(document)
    for name in entered.values:
        # A field that was not sent is as it was: half a form takes nothing away.
        entered.values[name] = sent.get(name, entered.values[name]).replace("\r\n", "\n").strip()
    values, wrong = entered.values, entered.wrong
    for place in range(1, entered.phones + 1):
        number = values[f"phone-{place}"]
        if number and not PHONE.fullmatch(number):
            wrong[f"phone-{place}"] = "bad_phone"
    for name, pattern in (("email", EMAIL), ("url", URL)):
        if values[name] and not pattern.fullmatch(values[name]):
            wrong[name] = f"bad_{name}"
    for name, longest in LONGEST.items():
        if len(values[name]) > longest:
            wrong[name] = "too_long"
    _check_ages(values, wrong)
    if values["status"] not in STATUSES:
        values["status"] = str(document["status"])
    return entered


def _check_ages(values: Mapping[str, str], wrong: dict[str, str]) -> None:
    for name in ("youngest", "oldest"):
        if values[name] and not (
            re.fullmatch(r"\d{1,3}(\.\d)?", values[name]) and float(values[name]) <= 150
        ):
            wrong[name] = "bad_age"
    both = values["youngest"] and values["oldest"] and not {"youngest", "oldest"} & wrong.keys()
    if both and float(values["youngest"]) > float(values["oldest"]):
        wrong["youngest"] = "bad_ages"


def answer(document: Document, entered: Entered) -> dict[str, Any]:
    """What is sent on: every field as it should be, and the rest in words."""
    values = entered.values
    described = {phone["number"]: phone.get("description") for phone in document.get("phones", ())}
    numbers = [values[f"phone-{place}"] for place in range(1, entered.phones + 1)]
    phones = [{"number": number, "description": described.get(number)} for number in numbers if number]
    changes: dict[str, Any] = {name: values[name] or None for name in ("description", "email", "url", "fees")}
    changes |= {"status": values["status"], "phones": phones}
    for name, column in (("youngest", "minimum_age"), ("oldest", "maximum_age")):
        changes[column] = float(values[name]) if values[name] else None
    note = " ".join(filter(None, (values["times"] and f"When: {values['times']}", values["else"])))
    changed = {name: value for name, value in changes.items() if not _same(document, name, value)}
    return {"changes": changed, "note": note or None}


def _same(document: Document, name: str, value: Any) -> bool:
    if name == "phones":
        before = [(phone["number"], phone.get("description")) for phone in document.get("phones", ())]
        return before == [(phone["number"], phone["description"]) for phone in value]
    before = document.get(name)
    if isinstance(before, str):
        before = before.replace("\r\n", "\n").strip() or None
    return before == value


def html(document: Document, entered: Entered, language: str) -> str:
    """The form's fields, each with its label, its hint and what is wrong with it."""
    parts = [_choices(document, entered, language)]
    for place in range(1, entered.phones + 1):
        name = "phone_more" if place == entered.phones and place > 1 else "phone"
        optional = f" ({said(language, 'optional')})" if place == entered.phones else ""
        label = said(language, name) + optional
        parts.append(_line(entered, f"phone-{place}", label, language, kind="tel"))
    email = said(language, "email_hint")
    parts.append(_line(entered, "email", said(language, "email"), language, kind="email", hint=email))
    parts.append(_line(entered, "url", said(language, "url"), language, kind="url"))
    now = "; ".join(times(document, language))
    when = said(language, "times_hint", now=now) if now else said(language, "times_hint_none")
    parts.append(_area(entered, "times", said(language, "new_times"), language, when))
    for name, hint in (("youngest", "age_hint"), ("oldest", "")):
        told = said(language, hint) if hint else ""
        parts.append(_line(entered, name, said(language, name), language, kind="number", hint=told))
    parts.append(_area(entered, "fees", said(language, "fees"), language))
    parts.append(_area(entered, "description", said(language, "description"), language))
    parts.append(_area(entered, "else", said(language, "else"), language, said(language, "else_hint")))
    return "\n".join(parts)


def summary(entered: Entered, language: str) -> str:
    """What is wrong, first thing on the page, each a link to its field."""
    if not entered.wrong:
        return ""
    links = "\n".join(
        f'<li><a href="#{name}">{said(language, fault)}</a></li>' for name, fault in entered.wrong.items()
    )
    return (
        '<div class="summary" role="alert" tabindex="-1" aria-labelledby="summary">'
        f'<h2 id="summary">{said(language, "problem")}</h2><ul>{links}</ul></div>'
    )


def _choices(document: Document, entered: Entered, language: str) -> str:
    statuses = dict.fromkeys((*STATUSES, str(document["status"])))
    radios = "\n".join(
        f'<div class="choice"><input type="radio" name="status" id="status-{place}" value="{escape(status)}"'
        f"{' checked' if entered.values['status'] == status else ''}>"
        f'<label for="status-{place}">{said(language, status)}</label></div>'
        for place, status in enumerate(statuses)
    )
    return f'<fieldset class="field"><legend>{said(language, "running")}</legend>\n{radios}\n</fieldset>'


def _line(entered: Entered, name: str, label: str, language: str, *, kind: str, hint: str = "") -> str:
    before, described = _around(entered, name, language, hint)
    typed = 'type="text" inputmode="decimal" class="short"' if kind == "number" else f'type="{kind}"'
    attributes = f'{typed} id="{name}" name="{name}"{described} autocomplete="off"'
    return (
        f'<div class="field{" wrong" if name in entered.wrong else ""}"><label for="{name}">{label}</label>'
        f'{before}<input {attributes} value="{escape(entered.values[name])}"></div>'
    )


def _area(entered: Entered, name: str, label: str, language: str, hint: str = "") -> str:
    before, described = _around(entered, name, language, hint)
    return (
        f'<div class="field{" wrong" if name in entered.wrong else ""}"><label for="{name}">{label}</label>'
        f'{before}<textarea id="{name}" name="{name}" rows="{AREAS[name]}"{described}>\n'
        f"{escape(entered.values[name])}</textarea></div>"
    )


def _around(entered: Entered, name: str, language: str, hint: str) -> tuple[str, str]:
    """The hint and the fault above a field, and the attributes that tie them to it."""
    before, ids = "", []
    if hint:
        before, ids = f'<div class="hint" id="{name}-hint">{hint}</div>', [f"{name}-hint"]
    if fault := entered.wrong.get(name):
        label = said(language, "error")
        unseen = f'<span class="unseen">{label}: </span>'
        before += f'<p class="fault" id="{name}-fault">{unseen}{said(language, fault)}</p>'
        ids.append(f"{name}-fault")
    invalid = ' aria-invalid="true"' if name in entered.wrong else ""
    return before, f' aria-describedby="{" ".join(ids)}"{invalid}' if ids else ""
