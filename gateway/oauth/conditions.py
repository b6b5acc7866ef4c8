"""Conditions of a scope, read with the client twice a second: training in date, an agreement in force.

Who is suspended, and who has to wait, is read with them.

Its client holds a scope, and yet does not have it while a condition is not met: `withheld`, with the course
that is lacking, or '' for an agreement. A condition on practitioners is met by whom the request names.
None binds oversight: whoever sets conditions would shut it out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil

from hub.line import Row

BOUND = """
 from gateway.condition k where k.scope = any(c.scopes) and not exists (
   select from hub.agency o where o.id = c.agency and o.type = 'data_protection_officer')"""
STANDING = f"""
array(select s.practitioner from gateway.suspended_practitioner s where s.agency = c.agency) as suspended,
(select coalesce(json_object_agg(w.practitioner, w.seconds), '{{}}') from (
   select b.practitioner, extract(epoch from max(b.until) - now()) as seconds from gateway.browsing_alarm b
   where b.agency = c.agency and b.client in (c.id, '') and b.until > now()
   group by b.practitioner) w) as waiting,
(select coalesce(json_agg(json_build_array(k.scope, k.course)), '[]') {BOUND} and case k.holder
   when 'client' then not exists (select from gateway.training t where t.agency = c.agency
     and t.client = c.id and t.course = k.course and not t.revoked
     and current_date between t.completed_on and t.expires_on)
   when 'agreement' then not exists (select from hub.agreement g where g.status = 'signed'
     and c.agency = any(g.parties) and c.agency <> all(g.gone) and g.starts <= now() and now() < g.ends)
   else false end) as withheld,
(select coalesce(json_agg(json_build_array(k.scope, k.course, array(
     select distinct t.practitioner from gateway.training t where t.agency = c.agency
     and t.practitioner <> '' and t.course = k.course and not t.revoked
     and current_date between t.completed_on and t.expires_on))), '[]')
 {BOUND} and k.holder = 'practitioner') as staff"""

Withheld = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Standing:
    """Who of the client's agency is suspended or has to wait ('': the client), which scopes wait for what."""

    suspended: frozenset[str] = frozenset()
    waiting: Mapping[str, float] = field(default_factory=dict[str, float])
    withheld: Withheld = frozenset()
    trained: Mapping[tuple[str, str], frozenset[str]] = field(
        default_factory=dict[tuple[str, str], frozenset[str]]
    )

    def withheld_from(self, practitioner: str | None) -> Withheld:
        """What is withheld from a request that this practitioner makes. Nobody named has no training."""
        missing = {wanted for wanted, people in self.trained.items() if practitioner not in people}
        return self.withheld | missing

    def wait_of(self, practitioner: str | None) -> int:
        """For how many seconds a request of this practitioner reads nothing: asked for too much in vain."""
        return ceil(max(self.waiting.get("", 0.0), self.waiting.get(practitioner or "", 0.0)))


def standing_of(row: Row) -> Standing:
    """What a row with STANDING's columns says."""
    return Standing(
        frozenset(row["suspended"]),
        row["waiting"],
        frozenset((scope, course) for scope, course in row["withheld"]),
        {(scope, course): frozenset(people) for scope, course, people in row["staff"]},
    )
