"""The page at the end of a one-tap link: the listing as it is published, one button, one form, no JavaScript.

Nothing changes on GET, because mail scanners open links. The directory decides whether a link is good; this
page only asks it and puts its answer into words. Neither the page nor the log keeps the link.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from html import escape
from typing import Annotated, Any, Literal
from urllib.parse import parse_qsl, quote
from uuid import uuid4

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from gateway.directory import form
from gateway.directory.form import Entered
from gateway.directory.frame import HEADERS, Language, page
from gateway.directory.shown import facts, said
from gateway.directory.words import WORDS, day
from gateway.hop import Answer, Hop
from hub.access import HubRoute
from hub.problem import TemporarilyUnavailable

LARGEST = 100_000
OK, NOT_FOUND, REFUSED, AWAY = 200, 404, 422, 503
HEARD = range(200, 300)
Lang = Annotated[Language | None, Query(description="English or Welsh; the link's own language otherwise")]

router = APIRouter(route_class=HubRoute, prefix="/listing", include_in_schema=False)


@router.get("/thanks/{what}")
async def thanks(what: Literal["right", "changed"], lang: Language = "en") -> HTMLResponse:
    """That it was heard."""
    body = (
        f'<h1>{said(lang, "thanks")}</h1><p class="lead">{said(lang, f"thanks_{what}")}</p>'
        f"<p>{said(lang, 'close')}</p>"
    )
    return page(lang, "thanks", body, f"/listing/thanks/{what}")


@router.get("/{secret}")
async def show(request: Request, secret: str, lang: Lang = None) -> HTMLResponse:
    """The listing, and whether it is still right. Changes nothing."""
    listing = await _opened(request, secret, lang)
    if isinstance(listing, HTMLResponse):
        return listing
    language: str = lang or listing["language"]
    return page(language, "question", _asked(listing, language, secret), f"/listing/{quote(secret)}")


@router.post("/{secret}/right")
async def right(request: Request, secret: str, lang: Lang = None) -> Response:
    """It is."""
    answer = await _ask(request, "POST", secret, "/still-right")
    return _heard(answer, "right", lang or "en", secret)


@router.get("/{secret}/changed")
async def show_form(request: Request, secret: str, lang: Lang = None) -> HTMLResponse:
    """The form for what has changed. Changes nothing."""
    listing = await _opened(request, secret, lang)
    if isinstance(listing, HTMLResponse):
        return listing
    language: str = lang or listing["language"]
    return _form(listing, form.as_published(listing["document"]), language, secret)


@router.post("/{secret}/changed")
async def changed(request: Request, secret: str, lang: Lang = None) -> Response:
    """What has changed; the form again, with what was entered and what is wrong with it."""
    body = await request.body()
    listing = await _opened(request, secret, lang)
    if isinstance(listing, HTMLResponse):
        return listing
    language: str = lang or listing["language"]
    sent = dict(parse_qsl(body[:LARGEST].decode("utf-8", "replace"), keep_blank_values=True))
    entered = form.read(listing["document"], sent)
    said_back = None if entered.wrong else form.answer(listing["document"], entered)
    if said_back is None:
        return _form(listing, entered, language, secret, REFUSED)
    answer = await _ask(request, "POST", secret, "/changes", said_back)
    if answer.status == REFUSED:
        entered.wrong["else"] = "nothing"
        return _form(listing, entered, language, secret, REFUSED)
    return _heard(answer, "changed", language, secret)


async def _opened(request: Request, secret: str, lang: Language | None) -> dict[str, Any] | HTMLResponse:
    """The listing, or the page that says why there is none."""
    answer = await _ask(request, "GET", secret, "")
    return json.loads(answer.body) if answer.status == OK else _refused(answer, lang or "en", secret)


async def _ask(request: Request, method: str, secret: str, rest: str, body: Any = None) -> Answer:
    """Ask the directory, as nobody: the link is all that counts."""
    hops: Mapping[str, Hop] = request.app.state.services.hops
    headers = {"x-request-id": str(request.state.request_id), "idempotency-key": str(uuid4())}
    if body is not None:
        headers["content-type"] = "application/json"
    said_on = b"" if body is None else json.dumps(body).encode()
    path = f"/verification-links/{quote(secret, safe='')}{rest}"
    try:
        return await hops["directory"].call(method, path, headers, said_on)
    except TemporarilyUnavailable:
        return Answer(AWAY, {}, b"")


def _heard(answer: Answer, what: str, language: str, secret: str) -> Response:
    if answer.status not in HEARD:
        return _refused(answer, language, secret)
    # See other: to load this page again does not answer again.
    return RedirectResponse(f"/listing/thanks/{what}?lang={language}", 303, headers=HEADERS)


def _asked(listing: Mapping[str, Any], language: str, secret: str) -> str:
    checked = listing["verified_at"]
    when = (
        said(language, "checked", date=day(datetime.fromisoformat(checked), language))
        if checked
        else said(language, "unchecked")
    )
    ends = day(datetime.fromisoformat(listing["expires_at"]), language)
    place = f"/listing/{quote(secret)}"
    return f"""
<h1>{said(language, "question")}</h1>
<p class="lead">{said(language, "lead", organization=listing["organization"])} {when}</p>
<section class="card" aria-labelledby="name">
<h2 id="name">{escape(listing["document"]["name"])}</h2>
{facts(listing["document"], listing["places"], language)}
</section>
<form class="answers" method="post" action="{place}/right?lang={language}">
<button class="button" type="submit">{said(language, "right")}</button>
<a class="button other" href="{place}/changed?lang={language}">{said(language, "changed")}</a>
</form>
<p>{said(language, "enough")}</p>
<p class="quiet">{said(language, "about", date=ends)}</p>"""


def _form(
    listing: Mapping[str, Any], entered: Entered, language: str, secret: str, status: int = 200
) -> HTMLResponse:
    place = f"/listing/{quote(secret)}"
    body = f"""
{form.summary(entered, language)}
<h1>{said(language, "change_title")}</h1>
<p class="lead"><strong>{escape(listing["document"]["name"])}</strong></p>
<p>{said(language, "change_lead")}</p>
<form method="post" action="{place}/changed?lang={language}" novalidate>
{form.html(listing["document"], entered, language)}
<p class="answers"><button class="button" type="submit">{said(language, "send")}</button></p>
</form>
<p><a href="{place}?lang={language}">{said(language, "back")}</a></p>"""
    wrong = f"{WORDS[language]['error']}: " if entered.wrong else ""
    return page(language, "change_title", body, f"{place}/changed", status, wrong)


def _refused(answer: Answer, language: str, secret: str) -> HTMLResponse:
    """That the link is no good, whyever; or that we are not up to it just now."""
    name = "not_good" if answer.status == NOT_FOUND else "away"
    more = f"<p>{said(language, 'not_good_do')}</p>" if name == "not_good" else ""
    body = f'<h1>{said(language, name)}</h1><p class="lead">{said(language, f"{name}_why")}</p>{more}'
    status = NOT_FOUND if name == "not_good" else AWAY
    return page(language, name, body, f"/listing/{quote(secret)}", status)
