"""Who works with synthetic families: the demo partnership, and a primary school for every 500 of them.

Five primaries and a secondary are a neighbourhood. Its schools sign one agreement with everybody else, and
everybody else has one of their own: a decision to share rests on one of the two.
"""

from dataclasses import dataclass

from deploy.demo.partnership import EARLY_HELP, HILLTOP, OAKFIELD, PARTNERSHIP
from deploy.seed.chance import listed, quoted
from hub.caller import Purpose
from hub.sharing import Category

FAMILIES_OF_A_PRIMARY = 500
PRIMARIES = 5

# The SQL of a school's id from `block`, the 500 families of a primary.
PRIMARY = f"case when block = 0 then {quoted(OAKFIELD.id)} else 'specimen-primary-' || block end"
SECONDARY = (
    f"case when block < {PRIMARIES} then {quoted(HILLTOP.id)}"
    f" else 'specimen-secondary-' || block / {PRIMARIES} end"
)

JOIN = """
insert into hub.agency (id, name, type)
select * from unnest($1::text[], $2::text[], $3::text[]) on conflict (id) do nothing"""

# They outlast every other agreement, so that it is always clear which one backs a decision: $1 is its number,
# $2 its parties.
AGREEMENT = f"""
insert into hub.agreement (id, title, dpia_reference, parties, starts, ends, drafted_by, drafted_at)
select pg_temp.random_id('agreement', $1), 'Specimen agreement ' || $1, 'DPIA-SYNTHETIC-' || $1, $2::text[],
  pg_temp.ago(1200), pg_temp.ago(case when $1 = 0 then -2000 else -1800 end), {quoted(EARLY_HELP.id)},
  pg_temp.ago(1230)
on conflict do nothing"""
TERM = f"""
insert into hub.agreement_term
  (agreement, number, effect, disclosers, receivers, categories, purposes, starts)
select id, 1, 'allow', $2::text[], $2::text[], {listed(Category)}, {listed(Purpose)}, starts
from hub.agreement where id = pg_temp.random_id('agreement', $1)"""
# One by one: the ledger counts signatures as they come. $2 is what happened, $3 whose step it was.
EVENT = """
insert into hub.agreement_event (id, agreement, event, party, signatory, signed_on, client, practitioner, at)
select pg_temp.timed_id(at, $2 || $3, $1), pg_temp.random_id('agreement', $1), $2, $3,
  case $2 when 'signed' then 'Chief officer' end, case $2 when 'signed' then at::date end, $3, '', at
from (select pg_temp.ago(case $2 when 'signed' then 1210 else 1230 end) as at) moment"""
ENTERED = """
select hub.enter('agreement_event', array(
  select id from hub.agreement_event where agreement = pg_temp.random_id('agreement', $1)), 'seed')"""
# What hub.apply_agreement() does when the last party has signed.
IN_FORCE = """
update hub.agreement set status = 'signed', signed_on = pg_temp.ago(1210)::date
where id = pg_temp.random_id('agreement', $1) and status = 'draft'"""


@dataclass(frozen=True)
class Neighbourhood:
    """The schools of 2,500 families. Number 0 has none: there the others agree among themselves."""

    number: int
    schools: tuple[str, ...]

    @property
    def parties(self) -> list[str]:
        """Who signs its agreement."""
        others = [agency.id for agency in PARTNERSHIP if agency not in (OAKFIELD, HILLTOP)]
        return sorted([*others, *self.schools])


def neighbourhoods(families: int) -> list[Neighbourhood]:
    """All that so many families live in, and number 0."""
    many = -(-families // (FAMILIES_OF_A_PRIMARY * PRIMARIES))
    return [Neighbourhood(0, ()), *(Neighbourhood(n + 1, _schools(n)) for n in range(many))]


def rows(families: int) -> tuple[list[str], list[str], list[str]]:
    """Ids, names and types of every agency, as JOIN takes them."""
    known = {agency.id: (agency.name, agency.type) for agency in PARTNERSHIP}
    for one in neighbourhoods(families):
        known |= {
            school: (school.replace("-", " ").title(), "school")
            for school in one.schools
            if school not in known
        }
    names, types = zip(*known.values(), strict=True)
    return list(map(str, known)), list(names), list(types)


def _schools(n: int) -> tuple[str, ...]:
    first = n * PRIMARIES
    primaries = [f"specimen-primary-{block}" for block in range(first, first + PRIMARIES)]
    if n == 0:
        return (OAKFIELD.id, *primaries[1:], HILLTOP.id)
    return (*primaries, f"specimen-secondary-{n}")
