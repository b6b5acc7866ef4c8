"""Erasure: what is gone is gone everywhere, what is kept says why, and nothing happens without two people."""

import re
from uuid import UUID, uuid4

import asyncpg
import pytest

from deploy.demo.partnership import DPO, EARLY_HELP, HOUSING, OAKFIELD
from tests.gateway.erasing import PATH, SECOND, asked, carried_out, erased, long_ago
from tests.people import Room, a_family, share


async def test_an_erased_person_is_a_person_who_never_was(
    room: Room, administrator: asyncpg.Connection
) -> None:
    family = await a_family(room)
    everybody = (family.household, family.child, family.parent)
    await long_ago(administrator, *everybody)
    await erased(room, family.household)
    for kind, one in (("people", family.child), ("people", family.parent), ("households", family.household)):
        suffix = "/case" if kind == "households" else ""
        gone = await room[OAKFIELD].get(f"/referral/{kind}/{one}{suffix}")
        never = await room[OAKFIELD].get(f"/referral/{kind}/{uuid4()}{suffix}")
        assert (gone.status_code, gone.content) == (404, never.content)
    found = await room[OAKFIELD].post("/referral/people/find", {"upn": family.upn})
    assert found.status_code == 404
    again = await room[OAKFIELD].made(
        "/referral/people",
        {"upn": family.upn, "given_name": "Sky", "family_name": "Synthetic", "date_of_birth": "2016-05-04"},
    )
    assert again["person"] != str(family.child)


async def test_what_the_schedule_keeps_is_kept_and_the_family_reads_why(room: Room) -> None:
    family = await a_family(room)
    path, made = await asked(room, family.child, capacity="parental_responsibility")
    fates = {(one["kind"], one["proposal"], one["ground"], one["until"]) for one in made["items"]}
    assert ("address", "erase", None, None) in fates
    assert ("identity", "keep", "retention", "2041-05-04") in fates
    assert ("household", "keep", "others", "2041-05-04") in fates
    await carried_out(room, path)
    person = (await room[OAKFIELD].get(f"/referral/people/{family.child}")).json()
    assert (len(person["identities"]), person["addresses"]) == (1, [])
    letter = (await room[DPO].get(f"{path}/letter")).json()
    assert letter["about"] == "the records of a child, for whom you asked with parental responsibility"
    assert [one for one in letter["kept"] if re.search(r"\byou(rs?)?\b", one["what"] + one["why"])] == []
    assert letter["erased"] == [{"what": "Addresses", "records": 1}]
    kept = next(one for one in letter["kept"] if one["what"] == "Names, birthdays and numbers")
    assert kept["until"] == "until 4 May 2041"
    assert "25th birthday" in kept["why"]
    paper = await room[DPO].get(f"{path}/letter", params={"format": "pdf"})
    assert paper.content.startswith(b"%PDF-")


async def test_a_request_that_is_refused_says_why_and_waits_for_nobody(room: Room) -> None:
    family = await a_family(room)
    path, made = await asked(room, family.child)
    refusal = {"outcome": "refuse", "reason": "It is not about them."}
    refused = await room[DPO].made(f"{path}/decision", refusal)
    assert refused["request"]["status"] == "refused"
    assert refused["request"]["history"][-1]["reason"] == refusal["reason"]
    which = made["request"]["request"]
    for is_open in (True, False):
        listed = (await room[DPO].get(PATH, params={"open": is_open})).json()["requests"]
        assert (which in {one["request"] for one in listed}) is not is_open


async def test_nobody_approves_what_they_decided(room: Room, administrator: asyncpg.Connection) -> None:
    family = await a_family(room)
    path, _ = await asked(room, family.child)
    early = await room[DPO].post(f"{path}/approve", {"reason": "Fine."}, headers=SECOND)
    assert (early.status_code, early.json()["type"]) == (409, "/problems/items-undecided")
    await room[DPO].made(f"{path}/items")
    same = await room[DPO].post(f"{path}/approve", {"reason": "Fine."}, headers={"practitioner": "P-1"})
    assert (same.status_code, same.json()["type"]) == (403, "/problems/approved-by-the-same-person")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await administrator.execute(
            "insert into hub.erasure_event (request, event, reason, agency, practitioner)"
            " values ($1, 'approved', 'x', 'northshire-dpo', 'p-1')",
            path.rpartition("/")[2],
        )
    addresses = (await room[OAKFIELD].get(f"/referral/people/{family.child}")).json()["addresses"]
    assert len(addresses) == 1


async def test_a_service_erases_nothing_that_nobody_approved(
    room: Room, administrator: asyncpg.Connection
) -> None:
    family = await a_family(room)
    path, _ = await asked(room, family.child)
    await room[DPO].made(f"{path}/items")
    which = path.rpartition("/")[2]
    straight = await room[DPO].post(f"/referral/retention/erasures/{which}")
    assert (straight.status_code, straight.json()["type"]) == (403, "/problems/scope-missing")
    await administrator.execute("set role hub_referral")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await administrator.fetchval("select referral.erase($1)", which)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await administrator.execute("delete from referral.identity")


async def test_erasing_twice_is_as_good_as_once(room: Room) -> None:
    family = await a_family(room)
    path, _ = await asked(room, family.child)
    first = await carried_out(room, path)
    again = await room[DPO].post(f"{path}/approve", {"reason": "Again."}, headers=SECOND)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/request-moved-on")
    second = await room[DPO].made(f"{path}/carry-out")
    assert second == first


async def test_what_was_cut_short_between_two_services_is_carried_on(
    room: Room, administrator: asyncpg.Connection
) -> None:
    family = await a_family(room)
    path, _ = await asked(room, family.child)
    await room[DPO].made(f"{path}/items")
    which = path.rpartition("/")[2]
    # As a crash leaves it: approved, one service done, and nobody told of it.
    await administrator.execute(
        "insert into hub.erasure_event (request, event, reason, agency, practitioner)"
        " values ($1, 'approved', 'x', 'northshire-dpo', 'p-2')",
        which,
    )
    await administrator.fetchval("select referral.erase($1)", which)
    half = (await room[DPO].get(path)).json()
    assert half["request"]["status"] == "approved"
    done = await room[DPO].made(f"{path}/carry-out")
    assert done["request"]["status"] == "done"
    [address] = [one for one in done["items"] if one["kind"] == "address"]
    assert address["erased_at"]


async def test_a_hold_keeps_everything_until_it_ends(room: Room, administrator: asyncpg.Connection) -> None:
    family = await a_family(room)
    await long_ago(administrator, family.household, family.child, family.parent)
    held = {"subject": str(family.child), "kind": "legal_claim", "reason": "A claim against the school."}
    hold = (await room[DPO].made("/retention/holds", held))["hold"]["hold"]
    _, made = await asked(room, family.child)
    assert {(one["proposal"], one["ground"]) for one in made["items"]} == {("keep", "legal_claim")}
    await room[DPO].made(f"/retention/holds/{hold}/end", {"reason": "It is settled."})
    held_before = (await room[DPO].get("/retention/holds")).json()["holds"]
    [over] = [one for one in held_before if one["hold"] == hold]
    assert (over["in_force"], over["ended"]["reason"]) == (False, "It is settled.")
    _, made = await asked(room, family.child)
    assert "erase" in {one["proposal"] for one in made["items"]}


async def test_a_record_is_not_erased_from_under_its_parts(room: Room) -> None:
    family = await a_family(room)
    referral = {
        "household": str(family.household),
        "children": [str(family.child)],
        "receiver": "northshire-mash",
        "reason": "They ask for help.",
        "needs": ["debt"],
        "family_aware": True,
        "sharing": {"basis": "agreement", "given_by": "Robin Synthetic", "reason": "She asked."},
    }
    await room[OAKFIELD].made("/referral/referrals", referral)
    path, made = await asked(room, family.household)
    [asked_for] = [one for one in made["items"] if one["kind"] == "referral"]
    said = {"decision": "erase", "reason": "She wants it gone."}
    await room[DPO].made(f"{path}/items/{asked_for['item']}", said)
    await room[DPO].made(f"{path}/items")
    torn = await room[DPO].post(f"{path}/approve", {"reason": "Fine."}, headers=SECOND)
    assert (torn.status_code, torn.json()["type"]) == (409, "/problems/parts-are-kept")
    [move] = [one for one in made["items"] if one["kind"] == "move"]
    await room[DPO].made(f"{path}/items/{move['item']}", said)
    done = await room[DPO].made(f"{path}/approve", {"reason": "Fine."}, headers=SECOND)
    assert {one["kind"] for one in done["items"] if one["erased_at"]} >= {"referral", "move"}


async def test_copies_and_stored_answers_go_with_the_record(
    room: Room, administrator: asyncpg.Connection
) -> None:
    family = await a_family(room)
    await long_ago(administrator, family.household, family.child, family.parent)
    copy = {
        "asked_by": "Robin",
        "capacity": "self",
        "received_on": "2026-11-01",
        "subject": str(family.child),
    }
    made = await room[DPO].made("/rights/access-requests", copy)
    access = f"/rights/access-requests/{made['request']['request']}"
    assert "1 Example Street" in str(made)
    stored = await administrator.fetch(
        "select content::text from hub.rights_item where request = $1", access.rpartition("/")[2]
    )
    assert stored
    assert not [row for row in stored if "Synthetic" in row["content"] or "Example" in row["content"]]
    path, _ = await asked(room, family.household)
    await room[DPO].made(f"{path}/items")
    other = await asked(room, family.child)
    await room[DPO].made(f"{other[0]}/items")
    waits = await room[DPO].post(f"{other[0]}/approve", {"reason": "Fine."}, headers=SECOND)
    assert (waits.status_code, waits.json()["type"]) == (409, "/problems/copy-asked-for")
    await room[DPO].made(f"{access}/items")
    await room[DPO].made(f"{access}/release", {"reason": "Read."}, headers=SECOND)
    await room[DPO].made(f"{path}/approve", {"reason": "Fine."}, headers=SECOND)
    after = (await room[DPO].get(access)).json()
    assert {one["content"] for one in after["items"]} == {"[erased]"}
    bodies = await administrator.fetchval(
        "select count(*) from hub.idempotency where convert_from(body, 'UTF8') like '%1 Example Street%'"
    )
    assert bodies == 0
    left = await administrator.fetchval(
        "select count(*) from hub.subject_key where subject = any($1)", [family.child, family.parent]
    )
    assert left == 0


async def test_everybody_who_was_shown_it_is_told_and_nobody_else(room: Room) -> None:
    family = await a_family(room)
    await share(room[OAKFIELD], EARLY_HELP, [family.child], ["identity_contact", "home_address"])
    seen = await room[EARLY_HELP].get(f"/referral/people/{family.child}")
    assert seen.json()["addresses"], seen.text
    path, _ = await asked(room, family.child)
    await carried_out(room, path)
    request = path.rpartition("/")[2]
    for agency, told in ((EARLY_HELP, True), (OAKFIELD, True), (HOUSING, False)):
        found = (await room[agency].get("/rights/erasures", params={"for": agency.id})).json()["erasures"]
        assert ((request, ["home_address"]) in [(one["request"], one["categories"]) for one in found]) is told
        inbox = (await room[agency].get("/notices")).json()["notices"]
        assert (("record.erased", request) in [(one["kind"], one["about"]) for one in inbox]) is told
    letter = (await room[DPO].get(f"{path}/letter")).json()
    assert letter["told"] == [EARLY_HELP.name, OAKFIELD.name]


async def test_only_oversight_erases_and_a_stranger_does_not_exist(room: Room) -> None:
    family = await a_family(room)
    body = {"subject": str(family.child), "asked_by": "R", "capacity": "self", "received_on": "2026-11-02"}
    partner = await room[OAKFIELD].post(PATH, body)
    assert (partner.status_code, partner.json()["type"]) == (403, "/problems/scope-missing")
    assert (await room[DPO].post(PATH, {**body, "subject": str(uuid4())})).status_code == 404
    assert (await room[DPO].get(f"{PATH}/{uuid4()}")).status_code == 404


async def test_what_was_said_in_decisions_goes_with_the_last_of_whom_they_are_about(
    room: Room, administrator: asyncpg.Connection
) -> None:
    family = await a_family(room)
    everybody = [family.household, family.child, family.parent]
    decision = await share(
        room[OAKFIELD], EARLY_HELP, everybody, ["identity_contact"], reason="A secret reason."
    )
    await long_ago(administrator, *everybody)
    await erased(room, family.household)
    said = await administrator.fetch(
        "select reason, given_by from hub.decision_event where decision = $1", UUID(decision)
    )
    assert {(row["reason"], row["given_by"]) for row in said} == {("[erased]", "[erased]")}
    for table in ("share", "caseload"):
        left = f"select count(*) from hub.{table} where subject = any($1)"
        assert await administrator.fetchval(left, everybody) == 0


async def test_every_table_about_people_can_be_erased_and_is_behind_its_wall(
    administrator: asyncpg.Connection,
) -> None:
    about = await administrator.fetch(
        "select c.table_schema as place, c.table_name as kind from information_schema.columns c"
        " join information_schema.tables t using (table_schema, table_name)"
        " where c.table_schema in ('referral', 'assessment') and c.column_name = 'subject'"
        " and t.table_type = 'BASE TABLE'"
    )
    found = {
        (place, row["kind"])
        for place in ("referral", "assessment")
        for row in await administrator.fetch("select kind from hub.account_tables($1)", place)
    }
    missing = {(row["place"], row["kind"]) for row in about} - found
    assert {kind for _, kind in missing} == {"earlier_version"}  # it goes with its record


async def test_who_read_a_request_stands_in_the_log_with_what_the_hub_itself_keeps(room: Room) -> None:
    family = await a_family(room)
    _, made = await asked(room, family.child)
    kept_here = {"access_log", "sharing_ledger"}
    assert kept_here <= {one["category"] for one in made["items"]}
    whom = {"subject": str(family.child)}
    for log in ("/disclosures", "/disclosures/for-the-family"):
        looks = (await room[DPO].get(log, params=whom)).json()["disclosures"]
        assert any(kept_here <= set(look["categories"]) for look in looks), log
