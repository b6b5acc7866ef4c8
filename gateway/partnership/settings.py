"""What this partnership wants of its decisions."""

from typing import Annotated

from fastapi import APIRouter

from hub.access import HubRoute, allow
from hub.caller import Scope
from hub.database import Tx
from hub.heard import Heard
from hub.sharing.agreements import required

router = APIRouter(route_class=HubRoute, tags=["partnership"])

Read = Annotated[Tx, allow(Scope.PARTNERSHIP_READ)]
Write = Annotated[Tx, allow(Scope.PARTNERSHIP_WRITE)]


class Rules(Heard):
    """The rules of this partnership."""

    agreements_required: bool


@router.get("/partnership/rules")
async def read_rules(tx: Read) -> Rules:
    """Whether an agreement between organisations must stand behind a decision to share."""
    return Rules(agreements_required=await required(tx))


@router.put("/partnership/rules", status_code=204)
async def change_rules(tx: Write, rules: Rules) -> None:
    """Say so, for the decisions that are recorded from now on. What is in force stays as it is."""
    await tx.run("update hub.partnership set agreements_required = :wanted", wanted=rules.agreements_required)
