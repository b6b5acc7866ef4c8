"""Conditions of a scope, read with the client twice a second: training in date, an agreement in force.

Its client holds a scope, and yet does not have it while a condition is not met: `withheld`, with the course
that is lacking, or '' for an agreement. A condition on practitioners is met by whom the request names.
None binds oversight: whoever sets conditions would shut it out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hub.line import Row

BOUND = """
 from gateway.condition k where k.scope = any(c.scopes) and not exists (
   select from hub.agency o where o.id = c.agency and o.type = 'data_protection_officer')"""
STANDING = f"""
array(select s.practitioner from gateway.suspended_practitioner s where s.agency = c.agency) as suspended,
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
    """Who of the client's agency is suspended, and which scopes wait for what."""

    suspended: frozenset[str] = frozenset()
    withheld: Withheld = frozenset()
    trained: Mapping[tuple[str, str], frozenset[str]] = field(
        default_factory=dict[tuple[str, str], frozenset[str]]
    )

    def withheld_from(self, practitioner: str | None) -> Withheld:
        """What is withheld from a request that this practitioner makes. Nobody named has no training."""
        missing = {wanted for wanted, people in self.trained.items() if practitioner not in people}
        return self.withheld | missing


def standing_of(row: Row) -> Standing:
    """What a row with STANDING's columns says."""
    return Standing(
        frozenset(row["suspended"]),
        frozenset((scope, course) for scope, course in row["withheld"]),
        {(scope, course): frozenset(people) for scope, course, people in row["staff"]},
    )
