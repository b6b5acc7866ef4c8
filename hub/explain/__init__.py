"""Why an agency may or may not see a category about somebody, in words, from the ledger.

It says what the row policy (hub.policy) does, and a test holds the two equal on every cell. What the asker
may not know of is left out: of a restriction somebody else recorded, or an override that is held back, it
says what it says where nothing is shared.
`asked` the question and the answer > `told` what would be, as far as the asker may know > `facts` what the
ledger has > `verdict` what follows > `words`.
"""

from hub.explain.asked import Asked, Explanation, ExplanationReason, ExplanationWhy
from hub.explain.facts import explain, explain_all
from hub.explain.told import Told, look_as_told

__all__ = [
    "Asked",
    "Explanation",
    "ExplanationReason",
    "ExplanationWhy",
    "Told",
    "explain",
    "explain_all",
    "look_as_told",
]
