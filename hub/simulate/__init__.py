"""What would follow, without it happening: who would see what, and what a rule would change.

`joining` puts decisions in force in a savepoint, says what the asker may know of what follows, and undoes
everything; `ruling` only reads.
"""

from hub.simulate.joining import would_see
from hub.simulate.ruling import RuleHeard, Ruling, SupposedEnding, what_would_change
from hub.simulate.supposed import NotRecorded, Question, Supposed, SupposedAgreement, WouldSee

__all__ = [
    "NotRecorded",
    "Question",
    "RuleHeard",
    "Ruling",
    "Supposed",
    "SupposedAgreement",
    "SupposedEnding",
    "WouldSee",
    "what_would_change",
    "would_see",
]
