"""How a feed's records are stored: many at once, from JSON, a statement for each table."""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from hub.database import Tx
from hub.line import Row
from hub.policy import OURS
from services.directory.models import Service
from services.directory.store import edits, versions

Rows = Iterable[Mapping[str, Any]]

# Parents before children; the vocabulary before what uses it.
WORDS = ("taxonomy", "taxonomy_term")
RECORDS = ("taxonomy", "taxonomy_term", "organization", "location", "service")
DETAILS = {
    "organization_identifier": "organization_id",
    "address": "location_id",
    "accessibility": "location_id",
    **dict.fromkeys(
        (
            "service_at_location",
            "schedule",
            "service_area",
            "cost_option",
            "funding",
            "language",
            "contact",
            "phone",
            "attribute",
            "capacity",
        ),
        "service_id",
    ),
}
KEPT_BY_DATABASE = {"agency", "updated_at", "words"}
# What nobody reads is no change that anybody asks about.
CHANGED = {
    "service": " returning id, (select array_agg(after.key order by after.key)"
    " from jsonb_each(to_jsonb(new) - '{updated_at,fingerprint,keywords,feed,words}'::text[]) after"
    " where to_jsonb(old) -> after.key is distinct from after.value and old.id is not null) as changed"
}


async def put(tx: Tx, rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, list[str]]:
    """Store records and their details; the fields that changed of each service that was there, by its id.

    What is the same already keeps its `updated_at`.

    An edit approved here stands (docs/decisions/0020), and what a listing said before is kept.
    """
    rows = await edits.keep(tx, rows)
    stored: Sequence[Row] = ()
    for table in RECORDS:
        if rows.get(table):
            stored = await tx.run(_upsert(table), rows=_one_each(rows[table]))
    for table, owner in DETAILS.items():
        owners = sorted({row["id"] for row in rows.get(owner.removesuffix("_id"), ())})
        if owners:
            await tx.run(_clear(table), owners=[UUID(owner) for owner in owners])
        if rows.get(table):
            await tx.run(_insert(table), rows=_one_each(rows[table], owner))
    if not rows.get("service"):
        return {}
    await versions.keep(tx, [UUID(row["id"]) for row in rows["service"]], "feed")
    return {str(row["id"]): row["changed"] for row in stored if row["changed"]}


def _one_each(rows: Rows, owner: str = "id") -> str:
    """A statement may meet a row once: services of a page share organisations, places and terms."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        key = (row[owner], row["id"])
        before, said = found.get(key), dict(row)
        # Of a word, the fuller of two descriptions is kept: the other is its name again.
        if before and said.get("description") == said.get("name"):
            said["description"] = before.get("description")
        found[key] = said
    return json.dumps(list(found.values()))


@cache
def _columns(table: str) -> tuple[str, ...]:
    columns = Service.metadata.tables[f"directory.{table}"].c
    return tuple(column.name for column in columns if column.name not in KEPT_BY_DATABASE)


@cache
def _insert(table: str) -> str:
    columns = ", ".join(_columns(table))
    return (
        f"insert into directory.{table} ({columns}) select {columns}"
        f" from jsonb_populate_recordset(null::directory.{table}, cast(:rows as jsonb))"
    )


@cache
def _upsert(table: str) -> str:
    columns = _columns(table)
    given = {column: _given(table, column) for column in columns}
    new = ", ".join(given.values())
    old = ", ".join(f"{table}.{column}" for column in columns)
    changes = ", ".join(f"{column} = {value}" for column, value in given.items())
    return (
        f"{_insert(table)} on conflict (id) do update set {changes}, updated_at = now()"
        f" where {table}.agency = {OURS} and ({old}) is distinct from ({new}){CHANGED.get(table, '')}"
    )


def _given(table: str, column: str) -> str:
    """What a column becomes. A word that is only named, as services name theirs, forgets nothing."""
    if table not in WORDS:
        return f"excluded.{column}"
    if column == "description":
        return f"coalesce(nullif(excluded.description, excluded.name), {table}.description)"
    return f"coalesce(excluded.{column}, {table}.{column})"


def _clear(table: str) -> str:
    return f"delete from directory.{table} where {DETAILS[table]} = any(:owners)"


async def taken(tx: Tx, kind: str, ids: Iterable[UUID], feed: UUID) -> set[UUID]:
    """Which of these ids another feed's records have, whether or not the caller may see them."""
    rows = await tx.rows(
        "select taken as id from directory.taken(:kind, :ids, :feed) taken",
        kind=kind,
        ids=list(ids),
        feed=feed,
    )
    return {row["id"] for row in rows}


async def known(tx: Tx, feed: UUID, source_ids: Iterable[str]) -> dict[str, Row]:
    """What is stored of these services of a feed: fingerprint, and whether it was hidden."""
    rows = await tx.rows(
        "select source_id, fingerprint, hidden_at from directory.service"
        " where feed = :feed and source_id = any(:source_ids)",
        feed=feed,
        source_ids=list(source_ids),
    )
    return {row["source_id"]: row for row in rows}


async def vanished(tx: Tx, feed: UUID, seen: Iterable[str]) -> Sequence[Row]:
    """The listed services that a whole feed no longer has."""
    return await tx.rows(
        "select id, source_id, name from directory.service where feed = :feed and hidden_at is null"
        " and source_id <> all(cast(:seen as text[]))"
        " order by name, id",
        feed=feed,
        seen=list(seen),
    )


async def listed(tx: Tx, feed: UUID) -> int:
    """How many services of a feed are listed."""
    return await tx.value(
        "select count(*) from directory.service where feed = :feed and hidden_at is null", feed=feed
    )


async def hide(tx: Tx, services: Iterable[UUID]) -> None:
    """Hide services. A row stays, so that it can come back."""
    await tx.run(
        "update directory.service set hidden_at = now(), updated_at = now() where id = any(:services)",
        services=list(services),
    )


async def settle_organizations(tx: Tx, feed: UUID) -> None:
    """Show each organisation as widely as its widest service, and hide one that has none left."""
    await tx.run(
        """
        with reach as (
          select organization_id,
            array_agg(visibility) filter (
              where hidden_at is null and status in ('active', 'temporarily closed')) as shown
          from directory.service where feed = :feed group by organization_id
        ), settled as (
          select organization_id, shown is null as gone,
            case when 'public' = any(shown) then 'public' when 'partner' = any(shown) then 'partner'
              else 'internal' end as visibility
          from reach
        )
        update directory.organization o
        set visibility = settled.visibility, updated_at = now(),
          hidden_at = case when settled.gone then coalesce(o.hidden_at, now()) end
        from settled where o.id = settled.organization_id and o.feed = :feed
          and (o.visibility, o.hidden_at is not null) is distinct from (settled.visibility, settled.gone)
        """,
        feed=feed,
    )


async def settle_locations(tx: Tx, feed: UUID) -> list[UUID]:
    """Show each location as narrowly as any of its services wants, of those that have gone too.

    Those that are not for everybody any more.
    """
    rows = await tx.run(
        """
        with wanted as (
          select l.location_id, array_agg(l.visibility) as said
          from directory.service_at_location l join directory.service s on s.id = l.service_id
          where s.feed = :feed group by l.location_id
        ), settled as (
          select location_id, case when 'internal' = any(said) then 'internal'
            when 'partner' = any(said) then 'partner' else 'public' end as visibility
          from wanted
        )
        update directory.location set visibility = settled.visibility, updated_at = now()
        from settled where location.id = settled.location_id and location.feed = :feed
          and location.visibility is distinct from settled.visibility
        returning location.id, location.visibility
        """,
        feed=feed,
    )
    return [row["id"] for row in rows if row["visibility"] != "public"]
