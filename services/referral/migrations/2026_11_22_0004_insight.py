"""Returned referrals as counts: taken once, when a quarter is over, and kept without its small numbers."""

from hub.migrations import run
from hub.policy import SERVICE_ROLES

revision = "referral_0004"
down_revision = "referral_0003"

ROLE = SERVICE_ROLES["referral"]

# `times` is null for a small number: what would point at a family is not kept either. A need is a word of our
# own list, a reason one of ours, an area a postcode sector: there is no room for a person.
COUNTED = """
create table referral.counted_quarter (
  quarter date primary key check (quarter = date_trunc('quarter', quarter)::date),
  at timestamptz not null default now()
);
create table referral.counted (
  quarter date not null references referral.counted_quarter,
  outcome text not null check (outcome in ('returned', 'signposted')),
  area text not null check (area ~ '^([A-Z]{1,2}[0-9][A-Z0-9]? [0-9]|not told)$'),
  need text not null check (need ~ '^[a-z_]{1,40}$'),
  reason text not null check (reason ~ '^[a-z_]{1,40}$'),
  times bigint check (times >= 5),
  primary key (quarter, outcome, area, need, reason)
);
alter table referral.counted_quarter enable row level security, force row level security;
alter table referral.counted enable row level security, force row level security;
create policy kept on referral.counted_quarter to hub_owner using (true) with check (true);
create policy kept on referral.counted to hub_owner using (true) with check (true)
"""

# Where a home is sealed or restricted, not even its sector is counted.
AREA = """
create function referral.sector_of(family uuid, people uuid[]) returns text language sql stable
set search_path = referral, hub, pg_temp as $$
  select coalesce((
    select left(p.code, -3) || ' ' || left(right(p.code, 3), 1)
    from unnest(people) with ordinality as child(person, place)
    join address a on a.subject = child.person
    cross join lateral (select upper(regexp_replace(a.postcode, '[^A-Za-z0-9]', '', 'g')) as code) p
    where p.code ~ '^[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}$'
      and not exists (select from hub.seal s where s.subjects && (people || family))
      and not exists (select from hub.restriction r
        where r.category = 'home_address' and r.subject = any(people || family))
    order by child.place, a.updated_at desc limit 1), 'not told')
$$
"""

RETURNED = f"""
create function referral.returned_in(sought date, sayings jsonb)
returns table (outcome text, area text, need text, reason text, times bigint)
language plpgsql security definer set search_path = referral, hub, pg_temp as $$
#variable_conflict use_column
begin
  if (now() at time zone 'Europe/London')::date < sought + interval '3 months 1 day' then
    return;
  end if;
  insert into counted_quarter (quarter) values (sought) on conflict do nothing;
  if found then
    insert into counted (quarter, outcome, area, need, reason, times)
    select sought, told.outcome, told.area, told.need, told.reason,
      case when count(distinct told.referral) >= 5 then count(distinct told.referral) end
    from (
      select m.referral, m.status as outcome, sector_of(r.subject, r.children) as area,
        coalesce(sayings ->> btrim(regexp_replace(lower(said.need), '[^a-z0-9]+', ' ', 'g')),
          case when said.need is null then 'not_told' else 'other' end) as need,
        case when m.return_reason in ('threshold_not_met', 'incomplete_information', 'no_agreement',
            'already_open', 'wrong_area', 'single_agency_can_meet', 'family_declined', 'duplicate')
          then m.return_reason else 'other' end as reason
      from move m join referral r on r.id = m.referral
      left join lateral unnest(r.needs) as said(need) on true
      where m.status in ('returned', 'signposted')
        and m.at >= sought::timestamp at time zone 'Europe/London'
        and m.at < (sought + interval '3 months') at time zone 'Europe/London'
    ) told group by 2, 3, 4, 5;
  end if;
  return query select c.outcome, c.area, c.need, c.reason, c.times from counted c where c.quarter = sought;
end $$;
revoke execute on function referral.returned_in(date, jsonb), referral.sector_of(uuid, uuid[]) from public;
grant execute on function referral.returned_in(date, jsonb) to {ROLE}
"""


def upgrade() -> None:
    """Lay what is kept of a quarter, and the one way to it."""
    for script in (COUNTED, AREA, RETURNED):
        run(script)


def downgrade() -> None:
    """Forget what was counted."""
    run("""
      drop function referral.returned_in(date, jsonb);
      drop function referral.sector_of(uuid, uuid[]);
      drop table referral.counted;
      drop table referral.counted_quarter
    """)
