"""Why an agency may or may not see a category about somebody, in words, from the ledger.

It says what the row policy (hub.policy) does, and a test holds the two equal on every cell. What the asker
may not know of is left out: of a restriction somebody else recorded, or an override that is held back, it
says what it says where nothing is shared.
`asked` the question and the answer > `facts` what the ledger has > `verdict` what follows > `words`.
"""

from hub.explain.asked import Asked, Explanation, Reason, Why
from hub.explain.facts import explain, explain_all

__all__ = ["Asked", "Explanation", "Reason", "Why", "explain", "explain_all"]
