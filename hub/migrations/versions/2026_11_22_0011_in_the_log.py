"""The ledger in the log: every step of a decision, an override, a disagreement or an agreement is a leaf too.

An entry stands for one row. What it says aloud is no more than which step it was, of what, by whom and when;
the row itself is a digest under a salt that nobody but the hub has, and that goes when the row's words do.
"""

from hub.migrations import run
from hub.proof.ledger import BOOKS, ENTERED

revision = "hub_0011"
down_revision = "hub_0010"

# `why` it was not entered when it was recorded: an erasure blanked its words, or it is of `hub seed`.
ENTRIES = f"""
create table hub.ledger_entry (
  id uuid primary key default uuidv7(),
  book text not null check (book in ({", ".join(f"'{book}'" for book in BOOKS)})),
  event uuid not null,
  why text,
  salt bytea not null default decode(
    replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'),
  unique (event, book)
);
alter table hub.ledger_entry enable row level security, force row level security;
create policy kept on hub.ledger_entry to hub_owner using (true) with check (true)
"""

COMMITMENT = f"sha256(convert_to({ENTERED}, 'UTF8'))"

ENTER = f"""
create function hub.enter(which text, events uuid[], because text default null) returns void
language sql security definer set search_path = hub, pg_temp set timezone = 'UTC' as $$
  with added as (
    insert into hub.ledger_entry (book, event, why) select which, one, because from unnest(events) one
    returning *)
  insert into hub.unsequenced
    select n.id, {COMMITMENT} from added n
$$;
create function hub.enter_recorded() returns trigger language plpgsql security definer
set search_path = hub, pg_temp as $$
begin
  perform hub.enter(tg_table_name, array(select (to_jsonb(a) ->> tg_argv[0])::uuid from added a),
    nullif(current_setting('hub.entered_because', true), ''));
  return null;
end $$
"""

# Before words are blanked. Of what was recorded the log keeps which it was and that it was erased; as it
# stands afterwards it is entered anew.
STRIKE = f"""
create function hub.strike_out(request uuid, which text, events uuid[]) returns void language sql
set search_path = hub, pg_temp set timezone = 'UTC' as $$
  with gone as (
    delete from hub.ledger_entry n where n.book = which and n.event = any(events)
    returning encode({COMMITMENT}, 'hex') as commitment)
  insert into hub.disclosure (outcome, row_count, reason)
    select 'erased', count(*),
      'erasure ' || request || ': ' || string_agg(commitment, ' ' order by commitment)
    from gone having count(commitment) > 0
$$
"""

GRANTS = """
revoke execute on function hub.enter(text, uuid[], text), hub.enter_recorded(),
  hub.strike_out(uuid, text, uuid[]) from public
"""


def upgrade() -> None:
    """Enter the ledger in the log as it is recorded."""
    for script in (ENTRIES, ENTER, STRIKE, GRANTS):
        run(script)
    for book, key in BOOKS.items():
        run(
            f"create trigger enter_recorded after insert on hub.{book} referencing new table as added"
            f" for each statement execute function hub.enter_recorded('{key}')"
        )


def downgrade() -> None:
    """What was signed stays; there is no way back."""
    raise NotImplementedError("the proofs are append-only; they have no way back")
