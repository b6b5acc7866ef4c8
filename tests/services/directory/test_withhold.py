"""A colleague's mailbox and a secret address are withheld wherever they stand, and an officer decides."""

import asyncio
from typing import Any

import pytest
from fastapi import Response
from hypothesis import given
from hypothesis import strategies as st

from services.directory.rules import masks
from services.directory.rules.confidential import secret_words
from tests.services.directory.conftest import OTHER, Directory, Serve, caller
from tests.services.directory.feeds import Feed, a_place, a_service, an_id
from tests.services.directory.upkeep import OFFICER, OUTSIDER, ask, done, problem, rows

OWN = "Priya.Example@council.example"
LATE = "late.example@council.example"
PRIYA = {"id": an_id("priya"), "name": "Priya Example", "email": OWN}
STREET, CODE = "77 Sealed Street", "BS5 9LE"


def _refuge(key: str, place: str, /, **more: Any) -> dict[str, Any]:
    address = {"address_1": STREET, "city": "Sealedtown", "postal_code": CODE}
    at = a_place(place, CODE, name="Sealed Lodge", addresses=[address])
    return a_service(key, **({"name": f"Example {key} refuge", "service_at_locations": [at]} | more))


SERVICES = [
    a_service(
        "everywhere",
        description=f"Ask {OWN.lower()}, or duty@council.example.",
        email=OWN.lower(),
        fees=f"Free. <mailto:{OWN}>",
        alert=f"Moved; write to {OWN}.",
        url=f"https://council.example/?to={OWN.replace('@', '%40')}",
        organization={"id": "staff-org", "name": "Example Org", "email": OWN, "description": f"See {OWN}"},
        contacts=[PRIYA, {"id": an_id("again"), "email": OWN}],
        schedules=[{"id": an_id("s"), "freq": "WEEKLY", "byday": "MO", "description": f"Book: {OWN}"}],
    ),
    a_service(
        "open",
        email="office@council.example",
        contacts=[{"name": "Office", "email": "office@council.example"}],
    ),
    a_service("early", name="Example early", email=LATE),
    a_service("later", contacts=[{"name": "Late Example", "email": LATE}]),
    a_service("edited"),
    _refuge("one", "lodge", description=f"Come to {STREET}, {CODE.lower()}."),
    _refuge("two", "second", name="Example Cartref", description="Mae ein cyfeiriad yn gyfrinachol."),
    _refuge("three", "third"),
    a_service("hall", name="Example Refugee Group", service_at_locations=[a_place("hall", "BS5 6LA")]),
    a_service("asked", service_at_locations=[a_place("at once", "BS5 6LA")]),
]
PATHS = (
    "/services?full=true&per_page=100",
    "/organizations?full_service=true",
    "/service_at_locations?full=true",
)


@pytest.fixture(scope="module", autouse=True)
async def feed(directory: Directory, serve: Serve) -> tuple[Feed, str, dict[str, Any]]:
    """Everything that is to be withheld; pulled."""
    served = Feed(list(SERVICES), per_page=3)
    url = await serve(served.app())
    return served, url, await directory.pull(url)


async def _everything(directory: Directory) -> str:
    return "".join([(await directory.http.get(path)).text for path in PATHS])


async def test_a_colleagues_mailbox_is_in_no_other_field(directory: Directory) -> None:
    everything = (await _everything(directory)).casefold()
    assert "priya.example" not in everything
    assert LATE not in everything
    assert everything.count("office@council.example") > 1
    shown = await directory.get(f"/services/{an_id('everywhere')}")
    assert shown["description"] == "Ask [withheld], or duty@council.example."
    assert not {"email", "url"} & shown.keys()
    assert await directory.names(search="priya.example@council.example") == []


async def test_a_partner_still_reads_the_contact(directory: Directory) -> None:
    shown = await done(directory, "GET", f"/services/{an_id('everywhere')}", by=caller(OTHER))
    assert [contact.get("email") for contact in shown["contacts"]] == [OWN, None]


NEW = "newly.example@council.example"


def _naming(mailbox: str) -> dict[str, Any]:
    """A service that names a mailbox wherever one can be named."""
    place = a_place("naming", "BS5 6LA", name=f"Hall of {mailbox}", description=f"Ask {mailbox}.")
    place["location"]["addresses"][0]["attention"] = mailbox
    place["location"]["accessibility"] = [{"id": an_id("nacc"), "description": f"Ramp: {mailbox}"}]
    return a_service(
        "naming",
        name=f"Naming <{mailbox}>",
        description=f"Ask {mailbox.upper()}, x{mailbox} or {mailbox}.au.",
        email=mailbox,
        fees=f"Free: {mailbox}",
        alert=f"Moved. {mailbox}",
        url=f"https://council.example/?to={mailbox.replace('@', '%40')}",
        organization={"id": "naming", "name": "Naming", "email": mailbox, "description": f"See {mailbox}",
            "website": f"https://council.example/{mailbox}"},
        contacts=[{"id": an_id("ncontact"), "title": f"Desk {mailbox}", "email": mailbox}],
        phones=[{"id": an_id("nphone"), "number": "0117 496 0009", "description": f"or {mailbox}"}],
        schedules=[{"id": an_id("nsched"), "freq": "WEEKLY", "byday": "MO", "description": mailbox}],
        cost_options=[{"id": an_id("ncost"), "option": mailbox, "amount": 1}],
        attributes=[{"id": an_id("nattr"), "taxonomy_term": {"id": an_id("nterm"), "name": f"For {mailbox}",
            "description": mailbox}}],
        service_at_locations=[place],
    )  # fmt: skip


async def test_it_is_masked_everywhere_at_once_when_its_contact_comes(
    directory: Directory, serve: Serve
) -> None:
    council = Feed([_naming(NEW)], per_page=1)
    url = await serve(council.app())
    await directory.pull(url)
    assert (await _everything(directory)).casefold().count(NEW) > 14
    assert len(await directory.names(search=NEW)) == 1
    # The feed breaks off right after the page with the contact: nothing comes after it to settle.
    council.services.append(a_service("newly", contacts=[{"name": "Newly Example", "email": NEW}]))
    council.services.append(a_service("never"))
    council.answers["/services?page=3"] = lambda: Response(status_code=500)
    report = await directory.pull(url)
    assert report["stopped"]
    everything = (await _everything(directory)).casefold()
    allowed = (f"x{NEW}", f"{NEW}.au")
    for other in allowed:
        assert other in everything
        everything = everything.replace(other, "")
    assert NEW not in everything
    assert NEW.replace("@", "%40") not in everything
    assert "Naming <[withheld]>" not in await directory.names(search=NEW)
    shown = await directory.get(f"/services/{an_id('naming')}")
    assert shown["name"] == "Naming <[withheld]>"
    assert shown["description"].startswith("Ask [withheld], x")
    assert not {"email", "url"} & shown.keys()
    colleague = await done(directory, "GET", f"/services/{an_id('newly')}", by=caller(OTHER))
    assert [contact["email"] for contact in colleague["contacts"]] == [NEW]


async def test_the_pull_says_what_it_withheld(feed: tuple[Feed, str, dict[str, Any]]) -> None:
    notes = {note["record"]: note["what"] for note in feed[2]["notes"]}
    assert "service.email: a member of staff's own mailbox, not published" in notes[an_id("everywhere")]
    assert any(what.startswith("location: not published") for what in notes[an_id("one")])
    assert an_id("open") not in notes


async def test_an_edit_cannot_publish_it_either(directory: Directory) -> None:
    changes = {"email": OWN, "description": f"Write to {OWN}"}
    edit = await done(directory, "POST", f"/services/{an_id('edited')}/edits", {"changes": changes})
    decision = {"outcome": "accepted", "reason": "Right."}
    await done(directory, "POST", f"/reviews/{edit['review']}/decide", decision)
    shown = await directory.get(f"/services/{an_id('edited')}")
    assert (shown["description"], shown.get("email")) == ("Write to [withheld]", None)


async def _places(directory: Directory, key: str, by: Any = None) -> list[Any]:
    return (await done(directory, "GET", f"/services/{an_id(key)}", by=by)).get("service_at_locations", [])


async def _reviews(directory: Directory, key: str) -> list[Any]:
    found = await done(directory, "GET", f"/reviews?kind=sealed&service={an_id(key)}&state=open")
    return found["reviews"]


async def test_a_secret_place_is_not_published(directory: Directory) -> None:
    everything = await _everything(directory)
    for words in (STREET, CODE, CODE.lower(), "Sealed Lodge", "Sealedtown"):
        assert words not in everything
    assert "Example one refuge" in everything
    assert await directory.names(search="Sealedtown") == []
    assert await _places(directory, "one", caller(OTHER)) == []
    assert len(await _places(directory, "one", OFFICER)) == 1
    assert len(await _places(directory, "hall")) == 1


async def test_a_person_is_asked_once_and_may_let_it_out(
    directory: Directory, feed: tuple[Feed, str, dict[str, Any]]
) -> None:
    served, url, _ = feed
    served.services = [
        service | {"description": "Wedi newid: cyfeiriad cyfrinachol."}
        if service["id"] == an_id("two")
        else service
        for service in served.services
    ]
    await directory.pull(url)
    [review] = await _reviews(directory, "two")
    assert review["kind"] == "sealed"
    assert "cyfeiriad" in review["said"]
    decision = {"outcome": "refused", "reason": "Its office, not its house."}
    await done(directory, "POST", f"/reviews/{review['id']}/decide", decision)
    assert len(await _places(directory, "two")) == 1
    await directory.pull(url)
    assert len(await _places(directory, "two")) == 1
    assert await _reviews(directory, "two") == []


async def test_an_officer_seals_a_place_and_a_pull_does_not_open_it(
    directory: Directory, feed: tuple[Feed, str, dict[str, Any]]
) -> None:
    path = f"/locations/{an_id('hall place')}/visibility"
    sealed = {"visibility": "internal", "reason": "A family lives there."}
    assert (await done(directory, "PUT", path, sealed))["number"] == 1
    assert await _places(directory, "hall") == []
    served, url, _ = feed
    served.services = [
        service | {"fees": "Now free"} if service["id"] == an_id("hall") else service
        for service in served.services
    ]
    await directory.pull(url)
    assert (await directory.get(f"/services/{an_id('hall')}"))["fees"] == "Now free"
    assert await _places(directory, "hall") == []
    before = await rows(
        directory, "select updated_at from directory.location where id = $1", an_id("hall place")
    )
    await directory.pull(url)
    after = await rows(
        directory, "select updated_at from directory.location where id = $1", an_id("hall place")
    )
    assert before == after
    await done(directory, "PUT", path, {"visibility": "public", "reason": "A mistake."})
    assert len(await _places(directory, "hall")) == 1
    decided = (await done(directory, "GET", path))["sealings"]
    assert [(one["number"], one["visibility"]) for one in decided] == [(2, "public"), (1, "internal")]


async def test_what_is_decided_of_a_place_at_once_is_kept_one_after_the_other(directory: Directory) -> None:
    path = f"/locations/{an_id('at once place')}/visibility"
    said = [{"visibility": visibility, "reason": "At once."} for visibility in ("internal", "partner") * 2]
    answers = await asyncio.gather(*(ask(directory, "PUT", path, one) for one in said))
    assert sorted(answer.json()["number"] for answer in answers) == [1, 2, 3, 4]


async def test_only_whoever_keeps_a_place_decides(directory: Directory) -> None:
    sealed = {"visibility": "internal", "reason": "Because."}
    path = f"/locations/{an_id('hall place')}/visibility"
    assert problem(await ask(directory, "PUT", path, sealed, OUTSIDER)) == (403, "not-your-listing")
    hidden = f"/locations/{an_id('lodge place')}/visibility"
    assert problem(await ask(directory, "PUT", hidden, sealed, OUTSIDER)) == (404, "not-found")
    assert problem(await ask(directory, "PUT", path, sealed, None)) == (401, "unauthenticated")


@pytest.mark.parametrize(
    ("name", "text", "secret"),
    [
        ("Harbour Refuge", "", True),
        ("Harbour House", "A women\u2019s refuge.", True),
        ("Harbour House", "Our address is confidential", True),
        ("Lloches Menywod Gwynedd", "", True),
        ("Harbour House", "Lleoliad cyfrinachol.", True),
        ("Refugee welcome", "For refugees and their families", False),
        ("Ceiswyr lloches", "Cymorth i geiswyr lloches", False),
        ("Harbour line", "A confidential helpline", False),
    ],
)
def test_plain_words_are_known(name: str, text: str, secret: bool) -> None:
    assert bool(secret_words([name], [text])) is secret


@given(st.text(), st.text())
def test_a_mask_leaves_no_mailbox_and_nothing_else_changed(before: str, after: str) -> None:
    text = f"{before} {OWN} {after}"
    shown = masks.without(text, {OWN.casefold()})
    assert OWN not in shown
    assert masks.without(text, set[str]()) == text
