"""The page on which a family says that a listing was wrong: a choice, a few words, no name, no JavaScript.

It only puts the directory's own `POST /services/{id}/reports` into words; what is masked and how often one
listing may be reported, the directory decides. Nothing changes on GET.
"""

import json
from collections.abc import Mapping
from html import escape
from typing import Annotated, Any
from urllib.parse import parse_qsl
from uuid import UUID, uuid4

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from gateway.directory.frame import HEADERS, Language, page
from gateway.directory.shown import said
from gateway.directory.words import WORDS
from gateway.hop import Answer, Hop
from gateway.marks import HEADER, Marks
from hub.access import HubRoute
from hub.problem import TemporarilyUnavailable

FAULTS = ("closed", "wrong_phone", "wrong_times", "not_suitable", "other")
LONGEST, LARGEST = 1000, 20_000
OK, ACCEPTED, MOVED, NOT_FOUND, REFUSED, OFTEN, AWAY = 200, 202, 301, 404, 422, 429, 503
Lang = Annotated[Language, Query(description="English or Welsh")]

router = APIRouter(route_class=HubRoute, prefix="/listing", include_in_schema=False)


@router.get("/reported")
async def reported(lang: Lang = "en") -> HTMLResponse:
    """That it was heard."""
    body = (
        f'<h1>{said(lang, "thanks")}</h1><p class="lead">{said(lang, "thanks_reported")}</p>'
        f"<p>{said(lang, 'close')}</p>"
    )
    return page(lang, "thanks", body, "/listing/reported")


@router.get("/wrong/{service}")
async def show(request: Request, service: UUID, lang: Lang = "en") -> Response:
    """The form. Changes nothing."""
    found = await _listing(request, service, lang)
    return found if isinstance(found, Response) else _form(found, lang, {}, {})


@router.post("/wrong/{service}")
async def report(request: Request, service: UUID, lang: Lang = "en") -> Response:
    """What was wrong; the form again where nothing was chosen."""
    body = (await request.body())[:LARGEST].decode("utf-8", "replace")
    found = await _listing(request, service, lang)
    if isinstance(found, Response):
        return found
    entered = dict(parse_qsl(body, keep_blank_values=True))
    words = entered.get("said", "").replace("\r\n", "\n").replace("\x00", "").strip()
    wrong = {} if entered.get("fault") in FAULTS else {"fault-1": "fault_missing"}
    if len(words) > LONGEST:
        wrong["said"] = "too_long"
    if wrong:
        return _form(found, lang, entered, wrong)
    heard = {"fault": entered["fault"]} | ({"said": words} if words else {})
    answer = await _ask(request, "POST", f"/services/{service}/reports", heard)
    if answer.status != ACCEPTED:
        return _refused(answer, lang, service)
    # See other: to load this page again does not report again.
    return RedirectResponse(f"/listing/reported?lang={lang}", 303, headers=HEADERS)


async def _listing(request: Request, service: UUID, lang: Language) -> dict[str, Any] | Response:
    """The listing, or the page that says why there is none, or the way to the one that stands for it."""
    answer = await _ask(request, "GET", f"/services/{service}")
    if answer.status == OK:
        return json.loads(answer.body)
    if answer.status == MOVED:
        instead = answer.headers["location"].rpartition("/")[2]
        return RedirectResponse(f"/listing/wrong/{instead}?lang={lang}", 303, headers=HEADERS)
    return _refused(answer, lang, service)


async def _ask(request: Request, method: str, path: str, body: Mapping[str, str] | None = None) -> Answer:
    """Ask the directory as nobody."""
    hops: Mapping[str, Hop] = request.app.state.services.hops
    marks: Marks = request.app.state.marks
    headers = {"x-request-id": str(request.state.request_id), HEADER: marks.of_address(request)}
    if body is not None:
        headers |= {"content-type": "application/json", "idempotency-key": str(uuid4())}
    try:
        sent = b"" if body is None else json.dumps(body).encode()
        return await hops["directory"].call(method, path, headers, sent)
    except TemporarilyUnavailable:
        return Answer(AWAY, {}, b"")


def _form(
    listing: Mapping[str, Any], lang: Language, entered: Mapping[str, str], wrong: Mapping[str, str]
) -> HTMLResponse:
    place = f"/listing/wrong/{listing['id']}"
    body = f"""
{_summary(lang, wrong)}
<h1>{said(lang, "wrong_title")}</h1>
<p class="lead"><strong>{escape(listing["name"])}</strong></p>
<p>{said(lang, "wrong_lead")}</p>
<form method="post" action="{place}?lang={lang}" novalidate>
{_choices(lang, entered, wrong)}
{_words(lang, entered, wrong)}
<p class="answers"><button class="button" type="submit">{said(lang, "wrong_send")}</button></p>
</form>
<p class="quiet">{said(lang, "wrong_urgent")}</p>"""
    before = f"{WORDS[lang]['error']}: " if wrong else ""
    return page(lang, "wrong_title", body, place, REFUSED if wrong else OK, before)


def _summary(lang: Language, wrong: Mapping[str, str]) -> str:
    if not wrong:
        return ""
    links = "".join(f'<li><a href="#{name}">{said(lang, fault)}</a></li>' for name, fault in wrong.items())
    return (
        '<div class="summary" role="alert" tabindex="-1" aria-labelledby="summary">'
        f'<h2 id="summary">{said(lang, "problem")}</h2><ul>{links}</ul></div>'
    )


def _choices(lang: Language, entered: Mapping[str, str], wrong: Mapping[str, str]) -> str:
    fault = wrong.get("fault-1")
    told, described = _fault(lang, "fault", fault), ' aria-describedby="fault-fault"' if fault else ""
    radios = "\n".join(
        f'<div class="choice"><input type="radio" name="fault" id="fault-{number}" value="{one}"'
        f"{' checked' if entered.get('fault') == one else ''}>"
        f'<label for="fault-{number}">{said(lang, f"fault_{one}")}</label></div>'
        for number, one in enumerate(FAULTS, 1)
    )
    state = " wrong" if fault else ""
    legend = f"<legend>{said(lang, 'wrong_what')}</legend>"
    return f'<fieldset class="field{state}"{described}>{legend}{told}\n{radios}\n</fieldset>'


def _words(lang: Language, entered: Mapping[str, str], wrong: Mapping[str, str]) -> str:
    fault = wrong.get("said")
    ids = "said-hint" + (" said-fault" if fault else "")
    label = f"{said(lang, 'wrong_more')} ({said(lang, 'optional')})"
    return (
        f'<div class="field{" wrong" if fault else ""}"><label for="said">{label}</label>'
        f'<div class="hint" id="said-hint">{said(lang, "wrong_hint")}</div>{_fault(lang, "said", fault)}'
        f'<textarea id="said" name="said" rows="4" aria-describedby="{ids}">\n'
        f"{escape(entered.get('said', ''))}</textarea></div>"
    )


def _fault(lang: Language, name: str, fault: str | None) -> str:
    if fault is None:
        return ""
    unseen = f'<span class="unseen">{said(lang, "error")}: </span>'
    return f'<p class="fault" id="{name}-fault">{unseen}{said(lang, fault)}</p>'


def _refused(answer: Answer, lang: Language, service: UUID) -> HTMLResponse:
    """That there is no such listing, that enough was said of it today, or that we are not up to it."""
    names = {NOT_FOUND: "no_listing", OFTEN: "often"}
    name = names.get(answer.status, "away")
    why = "report_away_why" if name == "away" else f"{name}_why"
    body = f'<h1>{said(lang, name)}</h1><p class="lead">{said(lang, why)}</p>'
    status = answer.status if answer.status in names else AWAY
    return page(lang, name, body, f"/listing/wrong/{service}", status)
