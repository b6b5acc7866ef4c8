"""Withdraws while a hub is read, written and delivered from, through two front doors of one database.

Nothing that begins after the answer may show what was withdrawn: not a read, a page continued, a GraphQL
answer, a repeated answer, a delivery, a shared screen. A withdrawal is one way of narrowing; a restriction,
an override that is ended, an agreement that is ended and a client that is shut out are the others.
"""

from deploy.bench.withdraw.figures import NeverShown, figures
from deploy.bench.withdraw.rounds import Load, run
from deploy.bench.withdraw.scene import Scene, a_second_front_door, scene
from deploy.bench.withdraw.watching import Look, Watch

__all__ = ["Load", "Look", "NeverShown", "Scene", "Watch", "a_second_front_door", "figures", "run", "scene"]
