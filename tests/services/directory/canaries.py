"""Rows that must never be published, each full of words that stand nowhere else."""

from typing import Any

from tests.services.directory.feeds import a_place, a_service, an_id

# Every word begins with this, so that a search can ask for it without saying it.
MARK = "zyzzo"
POSTCODE = "CR0 2YR"  # Canary places have it; nothing else does.
NUMBER, STAFF_NUMBER = "0117 496 0777", "0117 496 0888"
# What partners may see of it: a member of staff's own mailbox (docs/decisions/0024).
FOR_COLLEAGUES = frozenset({f"{MARK}surname", STAFF_NUMBER, an_id("person")})


def word(of: str) -> str:
    """A word that stands in one place only."""
    return f"{MARK}{of}"


def _organization(of: str) -> dict[str, Any]:
    return {
        "id": an_id(f"canary {of} organization"),
        "name": word(f"org{of}"),
        "description": word(f"orgwords{of}"),
        "email": f"{word(f'orgmail{of}')}@example.org",
        "website": f"https://{word(f'orgsite{of}')}.example/",
    }


def _place(of: str, **more: Any) -> dict[str, Any]:
    place = a_place(f"canary {of}", POSTCODE, name=word(f"place{of}"), **more)
    place["location"]["addresses"][0]["address_1"] = f"1 {word(f'street{of}')} Street"
    place["location"]["accessibility"] = [{"id": an_id(f"{of} access"), "description": word(f"ramp{of}")}]
    return place


def a_canary(of: str, **more: Any) -> dict[str, Any]:
    """A service of which no word may reach the public."""
    contact = {
        "id": an_id(f"canary {of} contact"),
        "name": word(f"person{of}"),
        "email": f"{word(f'mail{of}')}@example.org",
        "phones": [{"id": an_id(f"canary {of} contact phone"), "number": NUMBER}],
    }
    term = {
        "id": an_id("plain term"),
        "name": "Clubs",
        "description": "Clubs.",
        "taxonomy_id": an_id("plain taxonomy"),
    }
    return a_service(
        f"canary {of}",
        **{
            "name": f"{word(f'name{of}')} House",
            "description": word(f"words{of}"),
            "url": f"https://{word(f'site{of}')}.example/",
            "email": f"{word(f'service{of}')}@example.org",
            "alert": word(f"alert{of}"),
            "fees": word(f"fees{of}"),
            "organization": _organization(of),
            "service_at_locations": [_place(of)],
            "contacts": [contact],
            "phones": [{"id": an_id(f"canary {of} phone"), "number": NUMBER}],
            "languages": [{"id": an_id(f"canary {of} language"), "name": word(f"tongue{of}")}],
            "service_areas": [{"id": an_id(f"canary {of} area"), "name": word(f"area{of}")}],
            "cost_options": [{"id": an_id(f"canary {of} cost"), "option": word(f"cost{of}")}],
            "funding": [{"id": an_id(f"canary {of} fund"), "source": word(f"fund{of}")}],
            "schedules": [{"id": an_id(f"canary {of} times"), "notes": word(f"times{of}")}],
            "attributes": [{"id": an_id(f"canary {of} attribute"), "taxonomy_term": term}],
            **more,
        },
    )


def services() -> list[dict[str, Any]]:
    """What is published, and everything that is not."""
    sealed = _place("sealed", visibility="internal")
    colleague = {
        "id": an_id("colleague"),
        "name": word("colleague"),
        "email": f"{word('colleaguemail')}@example.org",
        "visibility": "internal",
        "phones": [{"id": an_id("colleague phone"), "number": NUMBER}],
    }
    person = {
        "id": an_id("person"),
        "name": f"Sky {word('surname')}",
        "email": f"sky.{word('surname')}@example.org",
        "phones": [{"id": an_id("person phone"), "number": STAFF_NUMBER}],
    }
    return [
        a_service("public", name="Example Public Group", assurer_email=f"sky.{word('assurer')}@example.org",
                  assured_date="2026-11-01"),
        # Published itself, with a sealed place and two members of staff.
        a_service("mixed", name="Example Mixed Group", service_at_locations=[sealed],
                  contacts=[colleague, person]),
        a_canary("internal", visibility="internal"),
        a_canary("typo", visibility="Interal"),
        a_canary("refuge", visibility="internal", service_at_locations=[
            _place("refuge", visibility="internal")]),
        a_canary("archived", status="defunct"),
        a_canary("inactive", status="inactive"),
        a_canary("vanished"),
        a_canary("unlisted"),
    ]  # fmt: skip
