"""A decision for others to keep: FHIR Consent R4B and R5, and a signed receipt."""

import json
from typing import Any
from uuid import uuid4

import httpx
import pytest
from joserfc import jws
from joserfc.errors import BadSignatureError

from deploy.demo.partnership import DPO, HOUSING, OAKFIELD, POLICE
from tests.gateway.deciding import decided, step
from tests.gateway.papers import consent, keys, receipt
from tests.people import Family, Room, a_family

# The elements of Consent in each release, and those it must have (the models of R4B 4.3.0 and R5 5.0.0).
R4B = {
    "resourceType",
    "id",
    "identifier",
    "status",
    "scope",
    "category",
    "patient",
    "dateTime",
    "performer",
    "organization",
    "policy",
    "policyRule",
    "verification",
    "provision",
}
R4B_PROVISION = {"type", "period", "actor", "action", "purpose", "class"}
R5 = {
    "resourceType",
    "id",
    "identifier",
    "status",
    "category",
    "subject",
    "date",
    "period",
    "grantor",
    "grantee",
    "controller",
    "regulatoryBasis",
    "policyBasis",
    "verification",
    "decision",
    "provision",
}
R5_PROVISION = {"period", "actor", "action", "purpose", "code"}


def has_no_nothing(resource: dict[str, Any]) -> bool:
    """FHIR knows no null and no empty array or object."""
    text = json.dumps(resource)
    return not any(nothing in text for nothing in ("null", "[]", "{}"))


async def test_speaks_r4b(room: Room) -> None:
    family = await a_family(room)
    decision = await decided(room[OAKFIELD], family, HOUSING.id)
    found = await consent(room[OAKFIELD], decision, "4.3")
    assert set(found) <= R4B
    assert {"status", "scope", "category"} <= set(found)
    assert (found["resourceType"], found["status"]) == ("Consent", "active")
    assert "policy" in found or "policyRule" in found  # ppc-1
    assert "patient" in found  # ppc-2
    provision = found["provision"]
    assert set(provision) == R4B_PROVISION
    assert provision["type"] == "permit"
    assert provision["actor"][0]["role"]["coding"][0]["code"] == "IRCP"
    assert provision["actor"][0]["reference"]["identifier"]["value"] == HOUSING.id
    assert [one["code"] for one in provision["class"]] == ["family_household"]
    assert found["verification"][0]["verified"] is True
    assert len(found["id"]) <= 64
    assert has_no_nothing(found)


async def test_speaks_r5(room: Room) -> None:
    family = await a_family(room)
    decision = await decided(room[OAKFIELD], family, HOUSING.id)
    found = await consent(room[OAKFIELD], decision, "5.0")
    assert set(found) <= R5
    assert (found["status"], found["decision"]) == ("active", "permit")
    assert [set(one) for one in found["provision"]] == [R5_PROVISION]
    assert found["regulatoryBasis"][0]["coding"][0]["code"] == "agreement"
    assert isinstance(found["verification"][0]["verificationDate"], list)
    assert has_no_nothing(found)


@pytest.mark.parametrize(
    ("event", "r4b", "r5"),
    [
        ("proposed", "proposed", "draft"),
        ("refused", "rejected", "active"),
        ("not_shared", "rejected", "active"),
    ],
)
async def test_says_where_it_stands_in_each_release(room: Room, event: str, r4b: str, r5: str) -> None:
    family = await a_family(room)
    decision = await decided(room[OAKFIELD], family, HOUSING.id, event=event)
    old, new = await consent(room[OAKFIELD], decision, "4.3"), await consent(room[OAKFIELD], decision, "5.0")
    assert (old["status"], new["status"]) == (r4b, r5)
    denies = event != "proposed"
    assert (old["provision"]["type"], new["decision"]) == (("deny",) * 2 if denies else ("permit",) * 2)


async def test_a_withdrawn_decision_is_inactive(room: Room) -> None:
    family = await a_family(room)
    decision = await decided(room[OAKFIELD], family, HOUSING.id)
    await room[OAKFIELD].made(step(decision, "withdraw"), {"reason": "Changed her mind."})
    assert (await consent(room[OAKFIELD], decision, "4.3"))["status"] == "inactive"
    assert (await consent(room[OAKFIELD], decision, "5.0"))["status"] == "inactive"


async def test_a_duty_names_its_law(room: Room) -> None:
    family = await a_family(room)
    duty = {"basis": "statutory_duty", "giver": None, "detriment_test": "Not knowing is worse for them."}
    decision = await decided(room[OAKFIELD], family, HOUSING.id, **duty)
    law = "https://www.legislation.gov.uk/ukpga/2004/31/section/16LA"
    assert (await consent(room[OAKFIELD], decision, "4.3"))["policy"] == [{"uri": law}]
    assert (await consent(room[OAKFIELD], decision, "5.0"))["policyBasis"] == {"url": law}


async def test_a_decision_about_several_people_is_a_bundle_of_one_for_each(room: Room) -> None:
    family = await a_family(room)
    subjects = [str(family.household), str(family.child)]
    decision = await decided(room[OAKFIELD], family, HOUSING.id, subjects=subjects)
    found = await consent(room[OAKFIELD], decision, "4.3")
    assert (found["resourceType"], found["type"]) == ("Bundle", "collection")
    named = [entry["resource"]["patient"]["identifier"]["value"] for entry in found["entry"]]
    assert named == subjects


async def test_a_receipt_verifies_with_the_published_keys(room: Room, http: httpx.AsyncClient) -> None:
    family = await a_family(room)
    told = {"words_shown": "Who sees this, and why.", "language": "en-GB"}
    decision = await decided(room[OAKFIELD], family, HOUSING.id, **told)
    answer = await room[OAKFIELD].get(step(decision, "receipt"))
    assert answer.headers["content-type"].startswith("application/consent-receipt+jwt")
    signed = jws.deserialize_compact(answer.text, await keys(http), ["ES256"])
    assert signed.headers()["typ"] == "consent-receipt+jwt"
    said = json.loads(signed.payload)
    assert said["header"]["record_id"] == decision
    assert said["processing"]["language"] == "en-GB"
    [purpose] = said["processing"]["purposes"]
    assert (purpose["recipients"], purpose["standing"]) == ([HOUSING.id], "given")
    assert [event["event_state"] for event in said["event"]] == ["given"]


async def test_a_receipt_claims_no_lawful_basis(room: Room) -> None:
    family = await a_family(room)
    said = await receipt(room[OAKFIELD], await decided(room[OAKFIELD], family, HOUSING.id))
    [purpose] = said["processing"]["purposes"]
    assert purpose["sharing_basis"] == "agreement"
    assert "lawful" not in json.dumps(said)


async def test_a_receipt_says_how_long_the_decision_holds_and_the_records_are_kept(room: Room) -> None:
    family = await a_family(room)
    span = {"starts": "2026-01-01T00:00:00Z", "ends": "2036-01-02T00:00:00Z"}
    categories = ["home_address", "request_for_help"]
    duty = {"basis": "safeguarding", "giver": None, "detriment_test": "Not knowing is worse for them."}
    decision = await decided(room[OAKFIELD], family, HOUSING.id, categories=categories, **span, **duty)
    said = await receipt(room[OAKFIELD], decision)
    [event], [purpose] = said["event"], said["processing"]["purposes"]
    assert event["validity_duration"] == "P3653D"
    in_force = (await room[DPO].get("/retention/rules")).json()["rules"]
    by_category = {rule["category"]: rule for rule in in_force}
    for category, kept in zip(categories, purpose["retention_period"], strict=True):
        rule = by_category[category]
        assert kept["pii_type"] == category
        assert kept["after_last_contact"] == f"P{rule['after_contact']}Y"
        assert (kept["until_birthday"], kept["on_request"]) == (rule["until_birthday"], rule["on_request"])
        assert kept["because"] == rule["words"]


async def test_what_has_no_end_has_no_duration(room: Room) -> None:
    family = await a_family(room)
    decision = await decided(room[OAKFIELD], family, HOUSING.id)
    await room[OAKFIELD].made(step(decision, "withdraw"), {"reason": "Changed her mind."})
    given, withdrawn = (await receipt(room[OAKFIELD], decision))["event"]
    assert (given["event_state"], withdrawn["event_state"]) == ("given", "withdrawn")
    assert given["validity_duration"].startswith("P")
    assert withdrawn["validity_duration"] is None


async def test_a_family_takes_back_an_agreement_by_telling_an_agency(room: Room) -> None:
    """It can use no address of the hub's, so the receipt gives none."""
    family = await a_family(room)
    agreed = await receipt(room[OAKFIELD], await decided(room[OAKFIELD], family, HOUSING.id))
    duty = {"basis": "statutory_duty", "giver": None, "detriment_test": "Not knowing is worse for them."}
    owed = await receipt(room[OAKFIELD], await decided(room[OAKFIELD], family, HOUSING.id, **duty))
    ways = [said["processing"]["purposes"][0]["withdrawal_method"] for said in (agreed, owed)]
    assert ways[0]["words"].startswith("Tell any agency that works with you")
    assert ways[1]["words"].startswith("This does not rest on an agreement")
    assert [set(way) for way in ways] == [{"words"}, {"words"}]


async def test_a_receipt_that_was_changed_does_not_verify(room: Room, http: httpx.AsyncClient) -> None:
    family = await a_family(room)
    decision = await decided(room[OAKFIELD], family, HOUSING.id)
    head, body, signature = (await room[OAKFIELD].get(step(decision, "receipt"))).text.split(".")
    with pytest.raises(BadSignatureError):
        jws.deserialize_compact(f"{head}.{body[:-4]}AAAA.{signature}", await keys(http), ["ES256"])


async def test_a_receipt_is_no_access_token(room: Room, http: httpx.AsyncClient) -> None:
    family = await a_family(room)
    decision = await decided(room[OAKFIELD], family, HOUSING.id)
    token = (await room[OAKFIELD].get(step(decision, "receipt"))).text
    answer = await http.get("/agencies", headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 401


@pytest.mark.parametrize("way", ["consent", "receipt"])
async def test_gives_neither_to_who_may_not_see_the_decision(room: Room, way: str) -> None:
    family = await a_family(room)
    decision = await decided(room[OAKFIELD], family, HOUSING.id)
    answers = [await room[POLICE].get(step(which, way)) for which in (decision, str(uuid4()))]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content


BOTH = ["family_household", "request_for_help"]


async def hidden(room: Room, family: Family, categories: list[str], *, household: bool = False) -> None:
    """Something about the child, or the household, is hidden from housing."""
    about = family.household if household else family.child
    body = {"subjects": [str(about)], "hidden_from": HOUSING.id, "categories": categories, "reason": "Test."}
    await room[OAKFIELD].made("/sharing/restrictions", body)


async def listed(room: Room, subject: Any) -> dict[str, list[str]]:
    """What housing is listed about somebody: the categories of each decision."""
    page = (await room[HOUSING].get("/sharing/decisions", params={"subject": str(subject)})).json()
    return {one["decision"]: one["categories"] for one in page["decisions"]}


@pytest.mark.parametrize("release", ["4.3", "5.0"])
async def test_a_consent_leaves_out_what_is_hidden_about_each_person(room: Room, release: str) -> None:
    family = await a_family(room)
    people = [str(family.household), str(family.child)]
    decision = await decided(room[OAKFIELD], family, HOUSING.id, subjects=people, categories=BOTH)
    await hidden(room, family, ["request_for_help"])
    found = await consent(room[HOUSING], decision, release)
    told = dict[str, list[str]]()
    for entry in (one["resource"] for one in found["entry"]):
        who = entry.get("patient") or entry["subject"]
        terms = entry["provision"] if release == "4.3" else entry["provision"][0]
        codes = terms.get("class") or [one["coding"][0] for one in terms["code"]]
        told[who["identifier"]["value"]] = [one["code"] for one in codes]
    assert told == {person: (await listed(room, person))[decision] for person in people}
    assert told[str(family.child)] == ["family_household"]
    everything = await consent(room[OAKFIELD], decision, release)
    assert json.dumps(everything).count("request_for_help") == 2


async def test_nobody_of_whom_all_is_hidden_is_named(room: Room) -> None:
    family = await a_family(room)
    people = [str(family.household), str(family.child)]
    decision = await decided(room[OAKFIELD], family, HOUSING.id, subjects=people, categories=BOTH)
    await hidden(room, family, BOTH)
    assert decision not in await listed(room, family.child)
    shown = (await room[HOUSING].get(f"/sharing/decisions/{decision}")).json()["decision"]
    said = await receipt(room[HOUSING], decision)
    found = await consent(room[HOUSING], decision, "4.3")
    assert shown["subjects"] == said["header"]["pii_principal_id"] == [str(family.household)]
    assert found["patient"]["identifier"]["value"] == str(family.household)
    assert str(family.child) not in json.dumps([shown, said, found])
    assert (await room[OAKFIELD].get(f"/sharing/decisions/{decision}")).json()["decision"][
        "subjects"
    ] == people
    await hidden(room, family, BOTH, household=True)
    for way in ("", "/receipt", "/consent"):
        assert (await room[HOUSING].get(f"/sharing/decisions/{decision}{way}")).status_code == 404
