"""What leaves for the family says nothing that is sealed, withheld, or held back for somebody's safety."""

from collections.abc import Mapping
from typing import Any

import pytest

from deploy.demo.partnership import DPO, EARLY_HELP
from gateway.rights.erasure import letters
from hub.seals.answers import AnswerNotSealable, MadeOfSealed
from tests.gateway.erasing import SECOND, asked
from tests.people import Room, a_family

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
