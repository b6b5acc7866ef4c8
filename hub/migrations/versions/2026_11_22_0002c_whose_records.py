"""Whose records a decision opens: its recorder's, those it could itself see, and of whoever countersigns it.

What its recorder could see is kept when it says so, by author (docs/decisions/0029).
"""

from hub.migrations import run
from hub.policy import OURS, SERVICE_ROLES

revision = "hub_0002c"
down_revision = "hub_0002b"

WITH_PEOPLE = ", ".join(SERVICE_ROLES[part] for part in ("gateway", "referral", "assessment"))

# What only an override shows it, or a restriction hides from it, it does not pass on; nor back to whom it
# came `through`, its author first; nor for longer than it may see it itself; nor what its author had declined
# by then to let it show the same recipient, however that was named. Of a type that is asked of each agency,
# in hub.opens_for(). A countersignature takes a decline back as far as it goes itself.
PASSED_ON = """
create table hub.passed_on (
  decision uuid not null,
  subject uuid not null,
  category text not null,
  author text not null,
  through text[] not null,
  ends timestamptz not null,
  primary key (decision, subject, category, author)
);
create index passed_on_of on hub.passed_on (author, decision);
create function hub.has_declined(whose text, said hub.decision_event, recipient text, about uuid, what text)
returns boolean language plpgsql stable security definer set search_path = hub, pg_temp as $$
begin
  return exists (
    with answers as (select * from hub.decision_event a
      where a.recorded_by = whose and a.begun_by = said.recorded_by and a.at < said.at
        and a.event in ('countersigned', 'declined')
        and a.subjects @> array[about] and what = any(a.categories))
    select from answers d where d.event = 'declined' and hub.reaches(d.agency, recipient)
      and not exists (select from answers c where c.event = 'countersigned' and (c.at, c.id) > (d.at, d.id)
        and (c.agency in (d.agency, recipient)
          or (strpos(c.agency, '/') = 0 and hub.reaches(c.agency, recipient)))));
end $$;
create function hub.pass_on(said hub.decision_event) returns void language plpgsql security definer
set search_path = hub, pg_temp as $$
declare
  us text[] := said.recorded_by
    || string_to_array(split_part(current_setting('hub.audience', true), ',', 1), '+');
  them text := split_part(said.agency, '/', 1);
begin
  delete from hub.passed_on where decision = said.decision;
  insert into hub.passed_on (decision, subject, category, author, through, ends)
    select distinct on (s.subject, s.category, s.author) said.decision, s.subject, s.category, s.author,
      way.through, s.ends
    from hub.share s left join hub.passed_on p on s.discloser <> s.author and p.decision = s.decision
      and p.subject = s.subject and p.category = s.category and p.author = s.author
    cross join lateral (select coalesce(p.through, '{}') || s.discloser as through) way
    where s.subject = any(said.subjects) and s.category = any(said.categories)
      and s.agency = any(us) and split_part(s.agency, '/', 1) = said.recorded_by
      and s.author not in (said.recorded_by, them) and them <> all(way.through)
      and s.starts <= clock_timestamp() and clock_timestamp() < s.ends
      and not exists (select from hub.restriction r where r.subject = s.subject and r.category = s.category
        and r.agency in (said.recorded_by, '*') and clock_timestamp() < r.ends
        and (r.practitioner in ('', said.practitioner) or said.practitioner = ''))
      and (said.agency like 'type:%'
        or not hub.has_declined(s.author, said, said.agency, s.subject, s.category))
    order by s.subject, s.category, s.author, s.ends desc;
end $$;
"""

# Of a decision as it stands: each place it opens, whose records there, who answers for that, for whom not,
# from when and until when. What an author says for itself goes before what anybody passed on.
OPENS = """
create function hub.opens(terms hub.decision_event)
returns table (subject uuid, category text, author text, discloser text, through text[],
  starts timestamptz, ends timestamptz)
language sql stable security definer set search_path = hub, pg_temp as $$
  with them as (select s as subject, c as category from unnest(terms.subjects) s, unnest(terms.categories) c),
    answered as (select distinct on (e.recorded_by) e.recorded_by as author, e.event, e.categories,
        e.starts, e.ends
      from hub.decision_event e
      where e.decision = terms.decision and e.event in ('countersigned', 'declined')
      order by e.recorded_by, e.at desc, e.id desc)
  select t.subject, t.category, terms.recorded_by, terms.recorded_by, '{}'::text[], '-infinity'::timestamptz,
    'infinity'::timestamptz from them t
  union all
  select p.subject, p.category, p.author, terms.recorded_by, p.through, '-infinity', p.ends
  from hub.passed_on p where p.decision = terms.decision and p.author not in (select a.author from answered a)
  union all
  select t.subject, t.category, a.author, a.author, '{}', a.starts, a.ends from them t
    join answered a on a.event = 'countersigned' and t.category = any(a.categories)
$$
"""

WALLS = f"""
alter table hub.passed_on enable row level security, force row level security;
create policy of_ours on hub.passed_on for select to {WITH_PEOPLE} using (author = {OURS});
create policy kept on hub.passed_on to hub_owner using (true) with check (true);
grant select on hub.passed_on to {WITH_PEOPLE};
revoke execute on function hub.pass_on(hub.decision_event), hub.opens(hub.decision_event),
  hub.has_declined(text, hub.decision_event, text, uuid, text) from public
"""


def upgrade() -> None:
    """Lay what is passed on, and what a decision opens."""
    for script in (PASSED_ON, OPENS, WALLS):
        run(script)


def downgrade() -> None:
    """A decision is part of the ledger, which has no way back."""
    raise NotImplementedError("the ledger is append-only; it has no way back")
