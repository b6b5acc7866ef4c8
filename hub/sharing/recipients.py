"""Who a decision is for: one agency, every agency of a type, or one team of an agency."""

from typing import Annotated

from pydantic import StringConstraints

from hub.caller import SLUG, AgencyId
from hub.database import Tx
from hub.problem import Problem
from hub.sharing.ledger import AgencyUnknown

TYPE = "type:"

# What an agency may be (the field's own list), besides whatever a member of the partnership already is.
AGENCY_TYPES = frozenset(
    {
        "local_authority",
        "school",
        "college",
        "early_years",
        "childrens_social_care",
        "early_help_team",
        "mash",
        "health_provider",
        "gp",
        "midwifery",
        "health_visiting",
        "school_nursing",
        "camhs",
        "police",
        "youth_justice",
        "housing",
        "adult_services",
        "drug_alcohol",
        "voluntary_community",
        "family_hub",
        "fire",
        "probation",
    }
)

Recipient = Annotated[
    AgencyId,
    StringConstraints(
        max_length=130,
        pattern=f"^({SLUG}(/{SLUG})?|{TYPE}[a-z0-9][a-z0-9_-]{{1,62}})$",
        strip_whitespace=True,
    ),
]


ASK_ANOTHER = "Ask the agency that knows the family, or that passed the case on, to record it."


class DecisionInOwnFavour(Problem):
    """An agency does not decide what it may itself see: another involved agency does."""

    status = 403


def agency_of(recipient: str) -> str:
    """The agency a recipient belongs to: itself, or the team's. A type belongs to none."""
    return recipient.partition("/")[0]


async def require_recipient(tx: Tx, recipient: str) -> None:
    """Refuse what is not of this partnership.

    Raises AgencyUnknown, or DecisionInOwnFavour for the caller's own agency or a team of it. A type may
    have no member yet: one that joins later sees from then on. A team has one from the start
    (`require_team`).
    """
    if agency_of(recipient) == tx.known_caller.agency:
        raise DecisionInOwnFavour(ASK_ANOTHER)
    if recipient.startswith(TYPE):
        kind = recipient.removeprefix(TYPE)
        known = kind in AGENCY_TYPES or await tx.value(
            "select true from hub.agency where type = :kind limit 1", kind=kind
        )
    else:
        known = await tx.value(
            "select true from hub.agency where id = :agency and active", agency=agency_of(recipient)
        )
    if not known:
        raise AgencyUnknown(f"{recipient} is not an agency, or a type of agency, of this partnership.")
    await require_team(tx, recipient)


async def require_team(tx: Tx, recipient: str) -> None:
    """Refuse `agency/team` where the agency has no client of that team (AgencyUnknown).

    Nobody else could ask in the team's name, and a slip of the pen would stand as a decision that shows
    nothing to anybody. A client that is suspended still has its team.
    """
    agency, _, team = recipient.partition("/")
    if team and not await tx.value("select hub.is_team(:agency, :team)", agency=agency, team=team):
        raise AgencyUnknown(f"{agency} has no team {team}: none of its clients is registered as that team's.")
