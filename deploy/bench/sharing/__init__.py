"""What the row policy costs: in a small hub and a large one, with ten decisions a family and a thousand.

`run` takes every reading in turns, with the policy and without > `decided` gives some families a thousand
decisions > `crowd` fills the large hub > `hubs` the two databases.
"""

from deploy.bench.sharing.run import measured

__all__ = ["measured"]
