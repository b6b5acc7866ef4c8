"""What an agency may and may not see, side by side, for one look of the row policy (docs/decisions/0022).

What sight is lost leaves a mark, what is looked through for a page is told from what is not, and what happens
raises a caseload for those who see why.
"""

from hub.migrations import run
from hub.policy import (
    ABOUT_WHO_ASKS,
    EVERYONE_MAY_SEE,
    HIDDEN,
    HIDDEN_FROM_OTHERS,
    OPENED,
    OPENED_ALL_THE_SAME,
    OURS,
    SERVICE_ROLES,
    hidden_from_some_of,
    knows,
)

revision = "hub_0001b"
down_revision = "hub_0001"

WITH_PEOPLE = ", ".join(SERVICE_ROLES[part] for part in ("gateway", "referral", "assessment"))

SIGHT = """
create table hub.sight (
  subject uuid not null,
  category text not null,
  agency text not null,
  purpose text not null,
  author text not null,
  practitioner text not null,
  effect smallint not null,
  source uuid not null,
  starts timestamptz not null,
  ends timestamptz not null,
  primary key (subject, category, agency, purpose, author, practitioner, source, starts)
)
"""

# What each of the three says here, of one author's records or of everybody's (''), kept by the very statement
# that changes it. What a change has ended is not put back: that is half the price of ending an agreement.
SEEN = {
    "share": f"subject, category, agency, purpose, author, '', {OPENED}, decision, starts, ends",
    "restriction": "subject, category, agency, '', '', case when agency = '*' then '' else practitioner end,"
    f" case when agency = '*' or practitioner <> '' then {HIDDEN} else {HIDDEN_FROM_OTHERS} end,"
    " decision, '-infinity'::timestamptz, ends",
    "override_grant": "subject, category, agency, purpose, '', practitioner,"
    f" case when over_restriction then {OPENED_ALL_THE_SAME} else {OPENED} end, override, starts, ends",
}

# Which transactions took sight away. A stored answer is held against it by what its transaction had seen, not
# by the clock: one that reads while another narrows is the earlier of the two, whatever the time was.
NARROWED = """
create table hub.narrowing (
  xid bigint primary key default pg_current_xact_id()::text::bigint,
  at timestamptz not null default clock_timestamp()
);
create index narrowing_by_time on hub.narrowing (at);
create function hub.narrow() returns void language sql security definer set search_path = hub, pg_temp as $$
  insert into hub.narrowing default values on conflict do nothing
$$
"""

# A share or an override takes sight away by going or by changing; a restriction by coming.
NARROW = "if exists (select from {rows}) then perform hub.narrow(); end if;"
GOING, COMING = NARROW.format(rows="gone"), NARROW.format(rows="come")
NARROWS = {"share": (GOING, ""), "restriction": ("", COMING), "override_grant": (GOING, "")}

KEPT = """
create function hub.see_{table}() returns trigger language plpgsql security definer
set search_path = hub, pg_temp as $$
begin
  if tg_op <> 'INSERT' then
    {going}
    delete from hub.sight s using (select {columns} from gone)
      g (subject, category, agency, purpose, author, practitioner, effect, source, starts, ends)
    where s.subject = g.subject and s.category = g.category and s.agency = g.agency
      and s.purpose = g.purpose and s.author = g.author
      and s.practitioner = g.practitioner and s.source = g.source and s.starts = g.starts;
  end if;
  if tg_op <> 'DELETE' then
    {coming}
    insert into hub.sight
      (subject, category, agency, purpose, author, practitioner, effect, source, starts, ends)
      select {columns} from come where tg_op = 'INSERT' or ends > now() on conflict do nothing;
  end if;
  return null;
end $$;
create trigger seen_{table} after insert on hub.{table} referencing new table as come
  for each statement execute function hub.see_{table}();
create trigger changed_{table} after update on hub.{table} referencing old table as gone new table as come
  for each statement execute function hub.see_{table}();
create trigger unseen_{table} after delete on hub.{table} referencing old table as gone
  for each statement execute function hub.see_{table}()
"""

# A page of a caseload is of households: their people stand beside them, and would be passed over one by one,
# each with its look at the policy. Whoever keeps households says which subjects they are, on its own table.
# Always: also while `hub seed` keeps the other triggers quiet.
HOUSEHOLDS = """
create function hub.note_household() returns trigger language plpgsql security definer
set search_path = hub, pg_temp as $$
begin
  insert into hub.household (id) values (new.id) on conflict do nothing;
  return null;
end $$;
create function hub.note_on_caseload() returns trigger language plpgsql security definer
set search_path = hub, pg_temp as $$
begin
  new.household := exists (select from hub.household h where h.id = new.subject);
  return new;
end $$;
create trigger note_on_caseload before insert on hub.caseload
  for each row execute function hub.note_on_caseload();
alter table hub.caseload enable always trigger note_on_caseload
"""

# An agency that knows somebody itself (its register, its concerns) has them on its caseload for good; one
# that helps with them, while something is shared with it. A caseload is everybody's who works there: a
# subject rises for what each of them may see, and not for what is a team's alone, or hidden from one of them.
# What an agency does unseen is noted apart, for the record has been in use (hub_0009).
RAISE = f"""
create function hub.raise_caseload() returns trigger language plpgsql security definer
set search_path = hub, pg_temp as $$
begin
  insert into hub.caseload (agency, purpose, subject, own)
    select new.agency, new.purpose, new.subject, true
    where new.type in ('person.registered', 'household.opened', 'concern.received')
    on conflict (agency, purpose, subject) do update set own = true;
  update hub.caseload c set updated_at = now()
  where c.subject = new.subject and case
    when c.agency = new.agency then c.purpose = new.purpose
      and not {hidden_from_some_of("c.agency", "new.subject", "new.category", HIDDEN)}
    else not {hidden_from_some_of("c.agency", "new.subject", "new.category")}
      and exists (select from hub.sight s where s.subject = new.subject and s.category = new.category
        and s.agency = c.agency and s.purpose = c.purpose and s.author = new.agency
        and s.effect = {OPENED} and s.starts <= now() and now() < s.ends) end;
  update hub.caseload set unseen_at = now()
  where subject = new.subject and agency = new.agency and updated_at < now();
  return null;
end $$;
create trigger raise_caseload after insert on hub.event
  for each row execute function hub.raise_caseload()
"""

GRANTS = f"""
grant select on hub.sight to {WITH_PEOPLE};
revoke execute on all functions in schema hub from public;
grant execute on function hub.everyone_may_see(uuid, text, text[]),
  hub.is_about_who_asks(text, text, smallint) to {WITH_PEOPLE}
"""

WALL = f"""
create policy ours on hub.caseload for select to {WITH_PEOPLE}
  using (agency = {OURS} and {knows("caseload")})
"""


def upgrade() -> None:
    """Lay what is in sight, and keep it by triggers."""
    for script in (SIGHT, ABOUT_WHO_ASKS, EVERYONE_MAY_SEE, NARROWED, HOUSEHOLDS, RAISE):
        run(script)
    for table, columns in SEEN.items():
        going, coming = NARROWS[table]
        run(KEPT.format(table=table, columns=columns, going=going, coming=coming))
    run(GRANTS)
    run(WALL)


def downgrade() -> None:
    """As the ledger it belongs to: there is no way back."""
    raise NotImplementedError("the ledger is append-only; it has no way back")
