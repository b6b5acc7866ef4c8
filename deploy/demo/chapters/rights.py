"""The family's rights: a copy of the records, a birthday put right, and an erasure refused in part."""

from typing import Any

from deploy.demo.partnership import DPO, OAKFIELD
from deploy.demo.stage import Stage

COLLEAGUE = {"practitioner": "p-2"}
RECEIVED = "2026-11-02"


async def the_mother_asks_for_a_copy(stage: Stage) -> None:
    """One person decides about each record, another releases; what is left out is listed with the law."""
    stage.teller.chapter("The mother asks what is held about her")
    asked = {
        "subject": stage.ids["mother"],
        "asked_by": "Priya Sample",
        "capacity": "self",
        "received_on": RECEIVED,
    }
    made = await stage[DPO].made("/rights/access-requests", asked)
    path = f"/rights/access-requests/{made['request']['request']}"
    stage.teller.tell(
        DPO.name,
        f"gathers {len(made['items'])} records from every part of the hub, due on"
        f" {made['request']['due_on']}, each with a proposal.",
    )
    await stage[DPO].made(f"{path}/items")
    await stage[DPO].made(f"{path}/release", {"reason": "Read by a second person."}, headers=COLLEAGUE)
    copy = (await stage[DPO].get(f"{path}/export")).json()
    paper = await stage[DPO].get(f"{path}/export", params={"format": "pdf"})
    partly = sum(one["decision"] == "redact" for one in copy["manifest"])
    withheld = len(copy["manifest"]) - partly
    stage.teller.tell(
        "A second person",
        f"releases it: {len(copy['records'])} records, {partly} of them shown in part, {withheld} withheld,"
        f" every one listed with the law that allows it; JSON, and a PDF of {len(paper.content) // 1024} kB.",
        records=len(copy["records"]),
        redacted=partly,
        withheld=withheld,
    )
    received = ", ".join(sorted(one["name"] for one in copy["recipients"]))
    stage.teller.tell("The copy", f"also says who was shown her records: {received}.")


async def a_birthday_is_put_right(stage: Stage) -> None:
    """The record itself says what is right; everybody who was shown what was wrong is told."""
    stage.teller.chapter("Arun's birthday is put right, everywhere")
    wrong = {
        "subject": stage.ids["arun"],
        "category": "identity_contact",
        "record": stage.ids["arun"],
        "disputed": "The school wrote down the wrong birthday.",
        "correction": "His birth certificate says the 9th of June.",
        "fields": {"date_of_birth": "2019-06-09"},
    }
    made = (await stage[DPO].made("/rights/corrections", wrong))["correction"]
    seen = (await stage[OAKFIELD].get(f"/referral/people/{stage.ids['arun']}")).json()["identities"][0]
    asked = {"subject": stage.ids["arun"]}
    before = (await stage[OAKFIELD].get("/referral/earlier-versions", params=asked)).json()
    was = before["earlier_versions"][0]["was"]["date_of_birth"]
    stage.teller.tell(
        OAKFIELD.name,
        f"now reads {seen['date_of_birth']}; that it said {was} before stays on record beside it.",
        now=seen["date_of_birth"],
        was=was,
    )
    told = ", ".join(stage.partners[one].agency.name for one in made["told"])
    stage.teller.tell(DPO.name, f"tells everybody who was shown it: {told}.", told=made["told"])


async def an_erasure_is_refused_in_part(stage: Stage) -> None:
    """What nothing obliges the hub to keep goes; the rest stays until a day, and the letter says why."""
    stage.teller.chapter("The mother asks that Arun's records are erased")
    asked = {
        "subject": stage.ids["arun"],
        "asked_by": "Priya Sample",
        "capacity": "parental_responsibility",
        "received_on": RECEIVED,
    }
    made = await stage[DPO].made("/rights/erasure-requests", asked)
    path = f"/rights/erasure-requests/{made['request']['request']}"
    stage.teller.table("What is proposed for each kind of record", _by_kind(made["items"]))
    await stage[DPO].made(f"{path}/items")
    await stage[DPO].made(f"{path}/approve", {"reason": "Read by a second person."}, headers=COLLEAGUE)
    letter = (await stage[DPO].get(f"{path}/letter")).json()
    gone = ", ".join(f"{one['what'].lower()} ({one['records']})" for one in letter["erased"])
    stage.teller.tell("A second person", f"approves. Gone from every part of the hub: {gone}.")
    concern = next((one for one in letter["kept"] if "concern" in one["what"].lower()), letter["kept"][0])
    stage.teller.tell(DPO.name, f"writes to Priya Sample. {concern['what']}, kept {concern['until']}:")
    stage.teller.quote(concern["why"])
    person = (await stage[OAKFIELD].get(f"/referral/people/{stage.ids['arun']}")).json()
    stage.teller.tell(
        OAKFIELD.name,
        f"asks for Arun: his name is there, {len(person['addresses'])} addresses are.",
        addresses=len(person["addresses"]),
        identities=len(person["identities"]),
    )


def _by_kind(items: list[dict[str, Any]]) -> list[dict[str, str]]:
    """One row for each kind of record and what becomes of it."""
    rows: dict[tuple[str, str, str], int] = {}
    for one in items:
        until = f"until {one['until']}" if one["until"] else ""
        key = (one["kind"].replace("_", " "), one["proposal"], until or (one["ground"] or ""))
        rows[key] = rows.get(key, 0) + 1
    return [
        {"record": kind, "how many": str(many), "proposed": fate, "": until}
        for (kind, fate, until), many in sorted(rows.items())
    ]
