"""What leaves for the family says nothing that is sealed, withheld, or held back for somebody's safety."""

from collections.abc import Mapping
from typing import Any

import asyncpg
import pytest

from deploy.demo.partnership import DPO, EARLY_HELP, MASH, OAKFIELD, POLICE, Agency
from gateway.rights.erasure import letters
from hub.seals.answers import AnswerNotSealable, MadeOfSealed
from tests.gateway.erasing import SECOND, asked, erased, long_ago
from tests.gateway.glass import INSPECTOR, SERGEANT, opened
from tests.gateway.test_rights_correct_records import wrong
from tests.gateway.test_rights_who_looked import until
from tests.people import Family, Room, a_family, share

COPIES = "/rights/access-requests"
REFUGE = "79 Marigold Wynd"


async def a_sealed_reason(room: Room) -> str:
    """An erasure that keeps everything, for a reason that names where the child fled to; its path."""
    family = await a_family(room)
    child = {"given_name": "Sky", "family_name": "Synthetic", "date_of_birth": "2016-05-04"}
    await room[EARLY_HELP].made("/referral/people", {"upn": family.upn, **child})
    seal = {"subjects": [str(family.child)], "named": [EARLY_HELP.id], "reason": "Fled."}
    await room[EARLY_HELP].made("/sharing/seals", {**seal, "text": [f"{REFUGE}, Northport, NP9 4ZY"]})
    path, made = await asked(room, family.parent)
    for one in made["items"]:
        kept = {"decision": "keep", "ground": "safeguarding", "reason": f"The child is at {REFUGE} now."}
        await room[DPO].made(f"{path}/items/{one['item']}", kept)
    await room[DPO].made(f"{path}/approve", {"reason": "Read."}, headers=SECOND)
    return path


@pytest.mark.parametrize("written", ["json", "pdf"])
async def test_the_letter_of_an_erasure_is_sealed_before_it_is_laid_out(
    room: Room, monkeypatch: pytest.MonkeyPatch, written: str
) -> None:
    printed = list[Mapping[str, Any]]()

    async def letter(said: Mapping[str, Any]) -> bytes:
        printed.append(said)
        return b"%PDF-"

    monkeypatch.setattr(letters, "letter", letter)
    answer = await room[DPO].get(f"{await a_sealed_reason(room)}/letter", params={"format": written})
    assert answer.status_code == 200, answer.text
    said = str(answer.json() if written == "json" else printed)
    assert "The child is at [redacted] now." in said
    assert "Marigold" not in said
    assert "sealed" not in said


def test_nothing_is_made_of_what_was_not_sealed() -> None:
    with pytest.raises(AnswerNotSealable):
        MadeOfSealed(b"{}", b"%PDF-", "application/pdf")  # pyright: ignore[reportArgumentType]


async def a_copy(room: Room, family: Family) -> dict[str, Any]:
    """The child's records, asked for by a parent, decided as proposed and released."""
    asks = {"subject": str(family.child), "asked_by": "Robin Synthetic", "received_on": "2026-10-31"}
    made = await room[DPO].made(
        COPIES, {**asks, "asker": str(family.parent), "capacity": "parental_responsibility"}
    )
    path = f"{COPIES}/{made['request']['request']}"
    await room[DPO].made(f"{path}/items")
    await room[DPO].made(f"{path}/release", {"reason": "Read."}, headers=SECOND)
    answer = await room[DPO].get(f"{path}/export")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_copy_says_nothing_else_of_a_category_that_is_withheld(room: Room) -> None:
    family = await a_family(room)
    said = {
        "kind": "physical",
        "narrative": "Sky says Robin hits her.",
        "occurred_at": "2026-11-19T08:40:00Z",
    }
    concern = (await room[OAKFIELD].made("/referral/concerns", {"upn": family.upn, **said}))["concern"]
    await share(room[OAKFIELD], MASH, [family.child], ["safeguarding_concern", "identity_contact"])
    assert (await room[MASH].get(f"/referral/concerns/{concern}")).status_code == 200
    assert (await room[MASH].get(f"/referral/people/{family.child}")).status_code == 200
    words = {"disputed": "The day Robin hit her.", "correction": "It was a Tuesday."}
    about = {"category": "safeguarding_concern", "record": concern}
    await room[DPO].made("/rights/corrections", wrong(family, **about, **words))
    await room[DPO].made("/rights/corrections", wrong(family))
    copy = await a_copy(room, family)
    assert "child_abuse_data" in [one["exemption"] for one in copy["manifest"]]
    assert [one["category"] for one in copy["corrections"]] == ["identity_contact"]
    assert copy["corrections"][0]["told"] == [MASH.name, OAKFIELD.name]
    seen = {one["agency"]: one["categories"] for one in copy["recipients"]}
    assert "identity_contact" in seen[MASH.id]
    assert "safeguarding_concern" not in {each for one in seen.values() for each in one}


async def named(room: Room, family: Family) -> set[str]:
    """Whom the copy names as having been shown something, or told what was wrong with it."""
    copy = await a_copy(room, family)
    [correction] = copy["corrections"]
    return {one["name"] for one in copy["recipients"]} | set(correction["told"])


@pytest.mark.parametrize("looker", [POLICE, MASH])
async def test_a_copy_names_nobody_whose_looks_are_held_back(room: Room, looker: Agency) -> None:
    family = await a_family(room)
    await share(room[OAKFIELD], POLICE, [family.child], ["identity_contact"])
    assert (await room[POLICE].get(f"/referral/people/{family.child}")).status_code == 200
    held = {"subject": str(family.child), "looker": looker.id, "until": until(days=30)}
    await room[DPO].made("/disclosures/held-back", {**held, "reason": "We investigate."})
    await room[DPO].made("/rights/corrections", wrong(family))
    assert (POLICE.name in await named(room, family)) is (looker is not POLICE)


async def test_a_copy_names_nobody_who_looked_in_an_emergency_of_which_the_family_learns_later(
    room: Room,
) -> None:
    family = await a_family(room)
    override = await opened(room[POLICE], family.child)
    seen = await room[POLICE].get(
        f"/referral/people/{family.child}", headers=SERGEANT, purpose="safeguarding"
    )
    assert seen.status_code == 200, seen.text
    await room[DPO].made("/rights/corrections", wrong(family))
    assert POLICE.name in await named(room, family)
    later = {"until": until(days=30), "words": "He would find her."}
    await room[POLICE].made(f"/sharing/overrides/{override}/delay", later, headers=INSPECTOR)
    assert POLICE.name not in await named(room, family)


async def told(room: Room, administrator: asyncpg.Connection, family: Family) -> list[str]:
    """Everything is erased: whom the letter names. The police are told in any case."""
    await long_ago(administrator, family.household, family.child, family.parent)
    path = await erased(room, family.household)
    found = (await room[POLICE].get("/rights/erasures", params={"for": POLICE.id})).json()["erasures"]
    assert path.rpartition("/")[2] in [one["request"] for one in found]
    return (await room[DPO].get(f"{path}/letter")).json()["told"]


@pytest.mark.parametrize("held_back", [True, False])
async def test_the_letter_names_nobody_whose_looks_were_held_back(
    room: Room, administrator: asyncpg.Connection, held_back: bool
) -> None:
    family = await a_family(room)
    await share(room[OAKFIELD], POLICE, [family.child], ["identity_contact"])
    assert (await room[POLICE].get(f"/referral/people/{family.child}")).status_code == 200
    if held_back:
        held = {"subject": str(family.child), "looker": POLICE.id, "until": until(days=30)}
        await room[DPO].made("/disclosures/held-back", {**held, "reason": "We investigate."})
    names = [OAKFIELD.name] if held_back else [POLICE.name, OAKFIELD.name]
    assert await told(room, administrator, family) == sorted(names)


async def test_the_letter_names_nobody_who_looked_in_an_emergency_of_which_the_family_learns_later(
    room: Room, administrator: asyncpg.Connection
) -> None:
    family = await a_family(room)
    override = await opened(room[POLICE], family.child)
    where = f"/referral/people/{family.child}"
    assert (await room[POLICE].get(where, headers=SERGEANT, purpose="safeguarding")).status_code == 200
    later = {"until": until(days=30), "words": "He would find her."}
    await room[POLICE].made(f"/sharing/overrides/{override}/delay", later, headers=INSPECTOR)
    assert await told(room, administrator, family) == [OAKFIELD.name]


async def test_a_correction_in_a_copy_does_not_say_who_somebody_else_is(room: Room) -> None:
    family = await a_family(room)
    await share(room[OAKFIELD], MASH, [family.child], ["identity_contact"])
    words = {
        "disputed": "Her birthday is wrong. Robin says so.",
        "correction": "Sky was born in May. Her mother's is 2 January 1988, or 02/01/1988.",
    }
    await room[DPO].made("/rights/corrections", wrong(family, **words))
    [correction] = (await a_copy(room, family))["corrections"]
    assert correction["disputed"] == "Her birthday is wrong. [redacted]"
    assert correction["correction"] == "Sky was born in May. [redacted]"
