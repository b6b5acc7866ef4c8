"""Luck without a memory: what happens to family 4711 is a hash of the seed and its number, in PostgreSQL.

So a family is the same whether it is made first or last, alone or in a batch of thousands.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time

# Every function is one expression: PostgreSQL puts it in place of the call and plans the statement as one.
FUNCTIONS = """
create or replace function pg_temp.chance(n bigint, what text) returns float8 immutable language sql
return (hashint8extended(n, hashtextextended(what, {seed})) & 9007199254740991)::float8 / 9007199254740992;

create or replace function pg_temp.pick(words text[], luck float8) returns text immutable language sql
return words[1 + floor(luck * cardinality(words))::int];

create or replace function pg_temp.random_id(what text, n bigint) returns uuid immutable language sql
return overlay(overlay(md5('{seed} ' || what || n) placing '4' from 13) placing 'a' from 17)::uuid;

create or replace function pg_temp.timed_id(at timestamptz, what text, n bigint) returns uuid
immutable language sql
return (lpad(to_hex((1000 * extract(epoch from at))::bigint), 12, '0')
  || overlay(overlay(right(md5('{seed} ' || what || n), 20) placing '7' from 1) placing 'a' from 5))::uuid;

create or replace function pg_temp.ago(days float8) returns timestamptz immutable language sql
return timestamptz {today} - make_interval(secs => round(days * 86400));

create or replace function pg_temp.school_year() returns int immutable language sql return {school_year}
"""


def functions(seed: int, today: date) -> str:
    """The SQL that gives one session its luck: `chance` in [0, 1), `pick`, ids, and times before today."""
    midnight = datetime.combine(today, time(), UTC)
    school_year = today.year if today.month >= 9 else today.year - 1
    return FUNCTIONS.format(seed=seed, today=quoted(midnight.isoformat()), school_year=school_year)


def quoted(text: str) -> str:
    """Text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def listed(words: Iterable[str]) -> str:
    """Words as an SQL array."""
    return f"array[{', '.join(map(quoted, words))}]"
