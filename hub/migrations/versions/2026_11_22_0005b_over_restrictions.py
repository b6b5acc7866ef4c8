"""What an override reaches: a category opens where every restriction that hides it is named.

By the open overrides of the very person, together. Worked out anew when one of them is opened or ends, and
when a restriction comes, changes or is lifted; what only time brings about stands in the grants beforehand.
"""

from hub.migrations import run

revision = "hub_0005b"
down_revision = "hub_0005"

MEMBERS = "hashtextextended('members', 3)"  # as in hub_0003

# Whoever opens, ends or hides about somebody does so in an order: neither misses what the other is doing. An
# agency that joins is hidden from while it keeps everybody else from sealing: whoever seals waits before.
HELD = f"""
create function hub.hold_overrides(people uuid[]) returns void language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended(subject::text, 7))
    from (select distinct unnest(people) subject order by 1) them;
end $$;
create function hub.hide_in_order() returns trigger language plpgsql security definer
set search_path = hub, pg_temp as $$
begin
  if new.named is not null then
    perform pg_advisory_xact_lock_shared({MEMBERS});
  end if;
  perform hub.hold_overrides(new.subjects);
  return new;
end $$;
create trigger hide_in_order before insert on hub.decision_event for each row
  when (new.event in ('restricted', 'lifted')) execute function hub.hide_in_order()
"""

OPEN = """
create function hub.open_overrides(about uuid) returns setof hub.override_event language sql stable
set search_path = hub, pg_temp as $$
  select e.* from hub.override_event e where e.subject = about and e.event = 'opened' and now() < e.ends
    and not exists (select from hub.override_event l
      where l.override = e.override and l.event in ('ended', 'reviewed_not_upheld'))
$$
"""

# A restriction hides from them until it ends, and again from when the last override that names it is over.
HIDDEN = """
create function hub.hidden_from_opener(o hub.override_event, what text) returns tstzmultirange
language sql stable set search_path = hub, pg_temp as $$
  select coalesce(range_agg(tstzrange(named.until, r.ends)), '{}')
  from hub.restriction r cross join lateral (
    select coalesce(max(n.ends), '-infinity') as until from hub.open_overrides(o.subject) n
    where n.agency = o.agency and n.practitioner = o.practitioner and n.purpose = o.purpose
      and what = any(n.categories) and r.decision = any(n.restrictions)) named
  where r.subject = o.subject and r.category = what and now() < r.ends and named.until < r.ends
    and r.agency in (o.agency, '*') and r.practitioner in ('', o.practitioner)
$$
"""

# A grant is as many rows as it has stretches of time: those over every restriction, and those that are not.
SETTLED = """
create function hub.settle_overrides(about uuid, what text[]) returns void language plpgsql security definer
set search_path = hub, pg_temp as $$
begin
  perform hub.hold_overrides(array[about]);
  delete from hub.override_grant g using hub.override_event e
    where g.subject = about and g.category = any(what) and e.override = g.override and e.event = 'opened'
      and now() < e.ends;
  insert into hub.override_grant (subject, category, agency, practitioner, purpose, override,
      over_restriction, starts, ends)
    select about, c.category, o.agency, o.practitioner, o.purpose, o.override, s.over, lower(s.stretch),
      upper(s.stretch)
    from hub.open_overrides(about) o
    cross join lateral (select distinct unnest(o.categories) as category) c
    cross join lateral (select tstzmultirange(tstzrange(o.starts, o.ends)) as whole,
      hub.hidden_from_opener(o, c.category) as hidden) t
    cross join lateral (select true as over, unnest(t.whole - t.hidden) as stretch
      union all select false, unnest(t.whole * t.hidden)) s
    where c.category = any(what);
end $$
"""

# Nearly every restriction is about somebody about whom no override is open.
RESTRICTED = """
create function hub.restrict_overrides() returns trigger language plpgsql security definer
set search_path = hub, pg_temp as $$
begin
  perform hub.settle_overrides(them.subject, them.what) from (
    select c.subject, array_agg(distinct c.category) as what from changed c where exists (
      select from hub.override_grant g where g.subject = c.subject and now() < g.ends)
    group by c.subject order by 1) them;
  return null;
end $$;
create trigger restrict_overrides after insert on hub.restriction referencing new table as changed
  for each statement execute function hub.restrict_overrides();
create trigger change_restriction after update on hub.restriction referencing new table as changed
  for each statement execute function hub.restrict_overrides();
create trigger lift_restriction after delete on hub.restriction referencing old table as changed
  for each statement execute function hub.restrict_overrides()
"""

INSIDE = (
    *("hub.hold_overrides(uuid[])", "hub.hide_in_order()", "hub.open_overrides(uuid)"),
    *("hub.hidden_from_opener(hub.override_event, text)", "hub.settle_overrides(uuid, text[])"),
    "hub.restrict_overrides()",
)


def upgrade() -> None:
    """Keep what every open override reaches."""
    for script in (HELD, OPEN, HIDDEN, SETTLED, RESTRICTED):
        run(script)
    run(f"revoke execute on function {', '.join(INSIDE)} from public")


def downgrade() -> None:
    """The ledger is append-only; it has no way back."""
    raise NotImplementedError("the ledger is append-only; it has no way back")
