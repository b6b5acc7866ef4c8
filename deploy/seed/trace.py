"""What happened and who looked: events, the caseloads they raise, disclosures."""

from deploy.seed.sharing import STANDS

TABLES = """
create temp table happened (
  at timestamptz, type text, subject uuid, category text, about uuid, agency text, key uuid
) on commit delete rows
"""

DISCLOSURE = """
insert into hub.disclosure (id, at, agency, client, practitioner, purpose, audience, operation, request,
  subject, categories, row_count)
select pg_temp.timed_id(seen, 'disclosure ' || view, 64 * n + place), seen, agency, agency, '',
  'early_help', array[agency], 'referral GET /households/{household}/case',
  pg_temp.random_id('request ' || view, n), subject,
  case when place = 1 then '{family_household}' else '{home_address,identity_contact}' end::text[],
  case when place = 1 then 1 + cardinality(everybody) else 2 end
from household
cross join lateral generate_series(1, floor(2.5 * pg_temp.chance(n, 'views'))::int) view
cross join lateral (select pg_temp.ago(30 * pg_temp.chance(n, 'view ' || view)) as seen,
  case when view = 1 then helper else school end as agency) look
cross join lateral unnest(everybody) with ordinality shown (subject, place)"""

EVENT = """
insert into hub.event (id, at, type, subject, category, about, agency, purpose, request)
select pg_temp.timed_id(at, type || agency || key, 0), at, type, subject, category, about, agency,
  'early_help', pg_temp.random_id('request ' || type || key, 0)
from happened where type is not null order by at"""

# An agency's caseload: whom it brought in and whom it was given to see, raised by what it may see of them.
RAISED = f"""
select agency, purpose, subject, bool_or(own) as own, max(at) as updated_at from (
  select agency, 'early_help' as purpose, subject, brings_in as own, brings_in as adds, at
  from happened, lateral (
    select type in ('person.registered', 'household.opened', 'concern.received') as brings_in) kind
  where type is not null
  union all
  select agency, purpose, subject, false, true, at from decided, unnest(subjects) subject
  where event = 'given' and {STANDS}
  union all
  select d.agency, d.purpose, e.subject, false, false, e.at
  from (select agency, purpose, subject, category, authors, at, starts, ends
    from decided, unnest(subjects) subject, unnest(categories) category
    where event = 'given' and {STANDS}) d
  join happened e on e.subject = d.subject and e.category = d.category and e.agency = any(d.authors)
    and e.type is not null and e.at >= d.at and e.at >= d.starts and e.at < d.ends) raised
group by agency, purpose, subject having bool_or(adds)"""

CASELOAD = f"insert into hub.caseload (agency, purpose, subject, own, updated_at) {RAISED} order by 3"

# The triggers know no other time than now.
CASELOAD_TIMES = f"""
update hub.caseload c set updated_at = r.updated_at from ({RAISED}) r
where c.agency = r.agency and c.purpose = r.purpose and c.subject = r.subject"""


def told(insert: str, event: str, *, at: str = "at", about: str = "id", which: str = "true") -> str:
    """An INSERT that also says what happened: the event is an SQL expression over the rows it wrote."""
    return (
        f"with made as ({insert} returning *) "
        "insert into happened (at, type, subject, category, about, agency, key) "
        f"select {at}, case when {which} then {event} end, subject, category, {about}, agency, id from made"
    )
