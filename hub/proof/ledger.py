"""What of the ledger is in the log, in SQL: the text a step's leaf commits to, made of the row as it stands.

Said once, for PostgreSQL as it records and for whoever checks: an export asks no function of the database's,
which somebody who can alter a row can alter too.
"""

# The tables whose every row is a leaf, and the column that names a row.
BOOKS = {
    "decision_event": "id",
    "override_event": "id",
    "conflict_resolution": "conflict",
    "agreement_event": "id",
}

# What was agreed between organisations is settled before its first step, and is part of each.
_AGREED = """to_jsonb(e) || jsonb_build_object(
  'drafted', (select to_jsonb(a) - '{status,gone,signed_on,ended_at}'::text[]
    from hub.agreement a where a.id = e.agreement),
  'terms', (select jsonb_agg(to_jsonb(t) order by t.number)
    from hub.agreement_term t where t.agreement = e.agreement))"""

_ROWS = " ".join(
    f"when '{book}' then (select {_AGREED if book == 'agreement_event' else 'to_jsonb(e)'}"
    f" from hub.{book} e where e.{key} = n.event)"
    for book, key in BOOKS.items()
)

# Of `n`, a hub.ledger_entry, in a session whose time zone is UTC; null where the row is gone. A column that a
# later release adds is null in what is there already: nulls are left out, so that it changes no digest.
ENTERED = f"""(select jsonb_strip_nulls(jsonb_build_object('id', n.id, 'ledger', n.book, 'row', n.event,
  'why', n.why, 'of', coalesce(it -> 'decision', it -> 'override', it -> 'conflict', it -> 'agreement'),
  'step', coalesce(it -> 'event', it -> 'outcome'),
  'by', coalesce(it -> 'recorded_by', it -> 'party', it -> 'agency'), 'at', it -> 'at',
  'digest', encode(sha256(n.salt || convert_to(jsonb_strip_nulls(it)::text, 'UTF8')), 'hex')))::text
from (select case n.book {_ROWS} end as it offset 0) as_it_is where it is not null)"""

# Rows that no entry stands for.
NOT_ENTERED = " union all ".join(
    f"select e.{key} as id, '{book}' as book from hub.{book} e where not exists ("
    f"select from hub.ledger_entry n where n.event = e.{key} and n.book = '{book}')"
    for book, key in BOOKS.items()
)
