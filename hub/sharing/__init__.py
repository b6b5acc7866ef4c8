"""The ledger: what agency A may see about person P, of category C, for purpose U, on which basis.

Append-only. A decision is given, not shared, withdrawn or lifted by inserting an event; PostgreSQL keeps
what is in force (`hub.share`, `hub.restriction`) in the same transaction, and the row policies read that.
"""

from hub.sharing.decisions import (
    AgreementNeedsAGiver,
    Decision,
    DecisionInOwnFavour,
    DutyNeedsADetrimentTest,
    check,
    decide,
    withdraw,
)
from hub.sharing.ledger import AgencyUnknown, NotInvolved, require_involvement
from hub.sharing.restrictions import Restriction, lift, restrict
from hub.sharing.vocabulary import Basis, Category, DecisionId, Event, SubjectId

__all__ = [
    "AgencyUnknown",
    "AgreementNeedsAGiver",
    "Basis",
    "Category",
    "Decision",
    "DecisionId",
    "DecisionInOwnFavour",
    "DutyNeedsADetrimentTest",
    "Event",
    "NotInvolved",
    "Restriction",
    "SubjectId",
    "check",
    "decide",
    "lift",
    "require_involvement",
    "restrict",
    "withdraw",
]
