"""A place that is not for everybody is in no words that are published, whoever wrote them and whenever."""

import re
from typing import Any

import pytest

from services.directory.rules import secret_places as rules
from tests.services.directory.conftest import OTHER, Directory, Serve, caller
from tests.services.directory.feeds import Feed, a_feed, a_place, a_service, an_id
from tests.services.directory.test_duplicates import about, pairs
from tests.services.directory.upkeep import done

CODE = "BS5 6LA"
SEAL = {"visibility": "internal", "reason": "A family was moved in there."}
OPEN = {"visibility": "public", "reason": "They moved on."}
RIGHT = {"outcome": "accepted", "reason": "Right."}


def _at(key: str, street: str, **more: Any) -> dict[str, Any]:
    return a_place(
        key, CODE, **({"addresses": [{"address_1": street, "city": "Hushford", "postal_code": CODE}]} | more)
    )


def _everywhere(key: str, street: str, **more: Any) -> dict[str, Any]:
    """A service that says where it is wherever it can be said."""
    plain = {
        "name": f"Drop-in {key} at {street}",
        "description": f"Come to {street}, {CODE}, on Mondays.",
        "fees": f"Pay at\n{street.replace(' ', ', ', 1)}",
        "alert": f"Back at {street.upper()} {CODE.lower().replace(' ', '')}",
        "url": f"https://x.example/{street.replace(' ', '-')}",
        "organization": {"id": f"{key}-org", "name": f"Org {key}", "description": f"We are at {street}.",
            "website": f"https://x.example/{street.replace(' ', '%20')}"},
        "schedules": [{"id": an_id(f"{key}s"), "freq": "WEEKLY", "byday": "MO",
            "description": f"At {street}"}],
        "contacts": [{"id": an_id(f"{key}k"), "name": "Desk", "title": f"Desk, {street}"}],
        "phones": [{"id": an_id(f"{key}p"), "number": "0117 496 0009",
            "description": f"{street} front desk"}],
        "cost_options": [{"id": an_id(f"{key}c"), "option": f"Cash at {street}", "amount": 1}],
        "service_areas": [{"id": an_id(f"{key}a"), "name": f"Around {street}", "extent": CODE}],
        "service_at_locations": [
            _at(key, street, name=f"Quietstone {key}"),
            a_place(f"{key} open", "BS5 9LE", name="Open Hall", description=f"Behind {street}."),
        ],
    }  # fmt: skip
    return a_service(key, **(plain | more))


async def _said(directory: Directory, key: str) -> str:
    """What anybody reads, in one line of plain words."""
    paths = (f"/services/{an_id(key)}?full=true", "/organizations?full_service=true&per_page=100")
    said = "".join([(await directory.http.get(path)).text for path in paths])
    return re.sub(r"(\\n|%20|[\s,-])+", " ", said).casefold()


async def _seal(directory: Directory, key: str, said: dict[str, str] = SEAL) -> None:
    await done(directory, "PUT", f"/locations/{an_id(f'{key} place')}/visibility", said)


async def _found(directory: Directory, *words: str) -> list[str]:
    return [name for one in words for name in await directory.names(search=one)]


async def test_what_an_officer_seals_is_in_no_words_and_found_by_none(
    directory: Directory, serve: Serve
) -> None:
    served, url = await a_feed(serve, _everywhere("convent", "93 Cloistered Row"))
    await directory.pull(url)
    assert (await _said(directory, "convent")).count("93 cloistered row") > 10
    await _seal(directory, "convent")
    for fees in ("at once", "after a pull of 93 Cloistered Row", "after another"):
        said = await _said(directory, "convent")
        for words in ("cloistered", "bs5 6la", "bs56la", "quietstone", "hushford"):
            assert words not in said
        assert "open hall" in said
        assert "come to [withheld] [withheld] on mondays" in said
        assert await _found(directory, "Quietstone", "Hushford", "Cloistered", "93 Cloistered Row") == []
        assert await _found(directory, "Open Hall") != []
        served.services = [served.services[0] | {"fees": fees}]
        report = await directory.pull(url)
        assert report["counts"]["changed"] == 1
    assert (await directory.pull(url))["counts"]["unchanged"] == 1
    await _seal(directory, "convent", OPEN)
    await directory.pull(url)
    assert "come to 93 cloistered row bs5 6la" in await _said(directory, "convent")
    assert await _found(directory, "Quietstone") != []


async def test_a_place_said_to_be_secret_is_in_no_other_field(directory: Directory, serve: Serve) -> None:
    secret = _everywhere("veil", "94 Veiled Row", alert="Our address is confidential.")
    # The same organisation from the record of another service, with the secret and on pages after it.
    others = [a_service(key, organization=secret["organization"]) for key in ("veil two", "veil three")]
    served = Feed([secret, *others], per_page=2)
    url = await serve(served.app())
    for _ in range(2):
        await directory.pull(url)
        assert "veiled row" not in await _said(directory, "veil")
    organization = (await directory.get(f"/services/{an_id('veil three')}"))["organization"]
    assert organization["description"] == "We are at [withheld]."


async def test_who_shares_a_secret_place_does_not_name_it(directory: Directory, serve: Serve) -> None:
    at = _at("shared", "95 Common Row")
    refuge = a_service("shared refuge", name="Shared refuge", service_at_locations=[at])
    outreach = _everywhere("outreach", "95 Common Row", service_at_locations=[at])
    served = Feed([refuge, outreach], per_page=1)
    url = await serve(served.app())
    for _ in range(2):
        await directory.pull(url)
        assert "common row" not in await _said(directory, "outreach")


async def _edit(directory: Directory, key: str, changes: dict[str, Any]) -> None:
    edit = await done(directory, "POST", f"/services/{an_id(key)}/edits", {"changes": changes})
    await done(directory, "POST", f"/reviews/{edit['review']}/decide", RIGHT)


async def test_an_edit_does_not_publish_it(directory: Directory, serve: Serve) -> None:
    _, url = await a_feed(
        serve, a_service("ed", name="Ed refuge", service_at_locations=[_at("ed", "9 Larch Row")])
    )
    await directory.pull(url)
    schedule = {"freq": "WEEKLY", "byday": "TU", "description": "Ring at 9 Larch Row"}
    changes = {"description": f"Come to 9 Larch Row, {CODE}.", "schedules": [schedule]}
    await _edit(directory, "ed", changes)
    shown = await directory.get(f"/services/{an_id('ed')}")
    assert shown["description"] == "Come to [withheld], [withheld]."
    assert shown["schedules"][0]["description"] == "Ring at [withheld]"


async def test_an_edit_of_before_does_not_bring_it_back_and_nor_does_a_conflict(
    directory: Directory, serve: Serve
) -> None:
    street = "8 Larch Lane"
    served, url = await a_feed(serve, a_service("past", service_at_locations=[_at("past", street)]))
    await directory.pull(url)
    await _edit(directory, "past", {"description": f"Mondays.\n{street}", "fees": f"Pay at {street}"})
    served.services = [served.services[0] | {"fees": f"Free at {street}"}]
    await directory.pull(url)
    found = await done(directory, "GET", f"/reviews?kind=conflict&service={an_id('past')}&state=open")
    await _seal(directory, "past")
    await done(directory, "POST", f"/reviews/{found['reviews'][0]['id']}/decide", RIGHT)
    for alert in ("Moved.", "Moved again."):
        shown = await directory.get(f"/services/{an_id('past')}")
        assert (shown["description"], shown["fees"]) == ("Mondays.\n[withheld]", "Free at [withheld]")
        served.services = [served.services[0] | {"alert": alert}]
        await directory.pull(url)


async def test_why_two_may_be_one_does_not_tell_it_either(directory: Directory, serve: Serve) -> None:
    for key, by in (("larch", None), ("guess", OTHER)):
        at, organization = _at(f"{key} like", "7 Larch Row"), {"id": f"{key}-l", "name": key}
        alike = a_service(
            f"{key} like", name="Larchmere", service_at_locations=[at], organization=organization
        )
        _, url = await a_feed(serve, alike)
        await directory.pull(url, *([caller(by)] if by else []))
    [pair] = about("Larchmere", await pairs(directory, OTHER))
    assert "Both are at the postcode BS56LA." in pair["reasons"]
    await _seal(directory, "larch like")
    [pair] = about("Larchmere", await pairs(directory, OTHER))
    assert pair["reasons"] == ["The names are alike: 100 %."]


@pytest.mark.parametrize(
    ("address", "text", "shown"),
    [
        ("Quiet House, 12a St John's Road", "At 12A, St Johns Rd.", "At [withheld]."),
        ("Quiet House, 12 Mill Street", "In Quiet House", "In [withheld]"),
        ("12 Mill Street", "On Mill St", "On [withheld]"),
        ("12 Mill Street", "112 Mill Streets", "112 Mill Streets"),
        ("12 Mill Street", "In Hushford, BS5 6LB", "In Hushford, BS5 6LB"),
        ("The Mill (rear) + yard", "at the mill (rear) + yard", "at [withheld]"),
        ("Example Refuge, 3 Mill Street", "Example Refuge", "Example Refuge"),
        ("", "BS5  6la or bs56la", "[withheld] or [withheld]"),
    ],
)
def test_an_address_is_known_however_it_is_written(address: str, text: str, shown: str) -> None:
    place = {"name": None, "city": "Hushford", "address_1": address, "postal_code": "BS56LA"}
    assert rules.without(text, rules.sought([place], ["Example Refuge"])) == shown
