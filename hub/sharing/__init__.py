"""The ledger: what agency A may see about person P, of category C, for purpose U, on which basis.

Append-only. A decision is given, not shared, withdrawn or lifted by inserting an event; PostgreSQL keeps
what is in force (`hub.share`, `hub.restriction`) in the same transaction, and the row policies read that.
"""

from hub.sharing.agreements import AgreementExpired, AgreementMissing
from hub.sharing.circumstances import AgreementNeedsAGiver, DutyNeedsADetrimentTest
from hub.sharing.conflicts import Resolution, resolve
from hub.sharing.countersigning import CountersigningWord, countersign, decline
from hub.sharing.decisions import Answer, Decision, check, decide, give, refuse
from hub.sharing.ledger import AgencyUnknown, NotInvolved, require_involvement
from hub.sharing.moves import (
    DecisionEnding,
    DecisionReview,
    Succession,
    Variation,
    review,
    supersede,
    vary,
    withdraw,
)
from hub.sharing.recipients import DecisionInOwnFavour, Recipient
from hub.sharing.restrictions import ConcernsStayVisible, CourtReferenceMissing, Restriction, lift, restrict
from hub.sharing.seals import Seal, TextTooCommon, seal
from hub.sharing.vocabulary import Basis, Category, DecisionId, Event, SubjectId

__all__ = [
    "AgencyUnknown",
    "AgreementExpired",
    "AgreementMissing",
    "AgreementNeedsAGiver",
    "Answer",
    "Basis",
    "Category",
    "ConcernsStayVisible",
    "CountersigningWord",
    "CourtReferenceMissing",
    "Decision",
    "DecisionEnding",
    "DecisionId",
    "DecisionInOwnFavour",
    "DecisionReview",
    "DutyNeedsADetrimentTest",
    "Event",
    "NotInvolved",
    "Recipient",
    "Resolution",
    "Restriction",
    "Seal",
    "SubjectId",
    "Succession",
    "TextTooCommon",
    "Variation",
    "check",
    "countersign",
    "decide",
    "decline",
    "give",
    "lift",
    "refuse",
    "require_involvement",
    "resolve",
    "restrict",
    "review",
    "seal",
    "supersede",
    "vary",
    "withdraw",
]
