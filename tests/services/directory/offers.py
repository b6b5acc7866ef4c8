"""Services that differ in everything a question can ask for, and some that nobody may see."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.services.directory.feeds import a_place, a_service, an_id

OUR_TERMS = {
    "self": "b7c0a4de-4c0c-5f0e-9a44-0d4f0b6c1a01",
    "level 2": "b7c0a4de-4c0c-5f0e-9a44-0d4f0b6c1c02",
}
TOPICS = {"id": "topics", "name": "Topics (synthetic)"}


def days_ago(days: int) -> str:
    """A moment in RFC 3339."""
    return (datetime.now(UTC) - timedelta(days=days)).isoformat()


def under(*names: str) -> list[dict[str, Any]]:
    """Attributes with terms of those names; ours by our id."""
    return [
        {
            "id": an_id(f"attribute {name}"),
            "taxonomy_term": {"id": OUR_TERMS.get(name, an_id(name)), "name": name, "taxonomy": "Topics"},
        }
        for name in names
    ]


def weekly(days: str, opens: str, closes: str, **more: Any) -> dict[str, Any]:
    """A schedule."""
    return {"id": an_id(f"{days} {opens}"), "freq": "WEEKLY", "byday": days, "opens_at": opens,
            "closes_at": closes, **more}  # fmt: skip


def offers() -> list[dict[str, Any]]:
    """Public services."""
    return [
        a_service("autism", name="Autism Circle (synthetic)", description="For families.",
            minimum_age=5, maximum_age=11, schedules=[weekly("SA", "09:30", "12:00")],
            cost_options=[{"id": an_id("c1"), "amount": 0}], attributes=under("SEND", "level 2"),
            languages=[{"id": an_id("l1"), "name": "Polish", "code": "pl"}],
            capacities=[{"id": an_id("k1"), "available": 3, "maximum": 8, "updated": days_ago(80),
                "unit": {"id": "places", "name": "places"}}],
            service_at_locations=[a_place("autism", "BS5 6LA", name="Example Hall", accessibility=[
                {"id": an_id("a1"), "description": "Ramp and hearing loop"}])]),
        a_service("teens", name="Example Drop-in for Teenagers", description="Talk about autism and more.",
            minimum_age=13, maximum_age=19, schedules=[weekly("MO,WE", "16:00", "18:30")],
            capacities=[{"id": an_id("k3"), "available": 5, "updated": days_ago(100)}],
            cost_options=[{"id": an_id("c2"), "amount": 4.5}], attributes=under("self"),
            service_at_locations=[a_place("teens", "BS5 9LE", name="Example Club")]),
        a_service("refuge line", name="Safe Tomorrow Helpline (synthetic)",
            description="Advice about domestic abuse.", schedules=[], fees="Free of charge"),
        a_service("dwr", name="Cylch Dŵr a Thŷ (synthetig)", description="Cymorth i deuluoedd â phlant.",
            schedules=[weekly("1SA", "10:00", "11:00", freq="MONTHLY")]),
        a_service("pantry", name="Foodbank of Examples", description="Parcels.", schedules=[],
            capacities=[{"id": an_id("k2"), "available": 0, "updated": days_ago(1)}]),
        a_service("post", name="Example Postal Library", schedules=[], service_at_locations=[
            a_place("post", "BS5 6LA", name="PO Box 1", location_type="postal")]),
    ]  # fmt: skip


SEALED = ("Kestrelwood", "Ospreyfield", "Goshawkmere", "Merlinside")


def sealed() -> list[dict[str, Any]]:
    """What is for partners, for one agency, closed, or at a place nobody may know of."""
    secret = a_place("secret", "BS5 0AA", name=SEALED[3], visibility="internal",
        accessibility=[{"id": an_id("a9"), "description": "Merlinside portcullis"}])  # fmt: skip
    closed = {"organization": {"id": "gone", "name": SEALED[2], "description": "x"}}
    return [
        a_service("k", name=f"{SEALED[0]} Refuge", visibility="internal", service_at_locations=[secret],
            attributes=under("Kestrelwood term"), organization={"id": "k", "name": SEALED[0]}),
        a_service("o", name=f"{SEALED[1]} Line", visibility="partner", attributes=under("Ospreyfield term"),
            service_at_locations=[a_place("o", "BS5 6LB", name=SEALED[1])],
            organization={"id": "o", "name": SEALED[1]}),
        a_service("g", name=f"{SEALED[2]} Club", status="defunct", **closed),
        a_service("m", name="Example Mixed Offer", service_at_locations=[secret]),
    ]  # fmt: skip
