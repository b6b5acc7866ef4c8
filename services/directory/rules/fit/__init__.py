"""How well a service fits what a family needs, and why, in plain words.

`weights` how much each thing counts > `judging` the score and its reasons > `needs` | `reach` | `room` |
`barriers` one thing each. Nothing is hidden in the score: every part of it is one of the reasons.
"""

from services.directory.rules.fit.judging import judge
from services.directory.rules.fit.weights import VALUES, WEIGHTS, table

__all__ = ["VALUES", "WEIGHTS", "judge", "table"]
