"""Approved edits of listings: written into the listing, and kept when its feed is pulled again."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from hub.database import Tx
from hub.line import Row as Stored
from services.directory.rules.edits import COLUMNS, LISTS, Precedence, precedence
from services.directory.store import reviews
from services.directory.store.freshness import Kept
from services.directory.store.reviews import Said

Row = dict[str, Any]
Rows = Mapping[str, Sequence[Mapping[str, Any]]]
TABLES = {"phones": "phone", "schedules": "schedule"}
SERVICE_LEVEL = {"phone": " and contact_id is null", "schedule": ""}
SCHEDULE = (
    "valid_from, valid_to, dtstart, freq, interval, byday, bymonthday, description, opens_at, closes_at,"
    " schedule_link, attending_type, notes"
)
DETAIL = {"phone": "number, description", "schedule": SCHEDULE}


async def document(tx: Tx, service: UUID) -> dict[str, Any]:
    """What may be edited of a listing, as it stands."""
    return json.loads(await tx.value("select directory.document(:service)::text", service=service) or "{}")


async def write(tx: Tx, service: UUID, values: Mapping[str, Any]) -> None:
    """Write some fields of a listing, each whole."""
    columns = [field for field in values if field in COLUMNS]
    if columns:
        changes = ", ".join(f"{field} = d.{field}" for field in columns)
        await tx.run(
            f"update directory.service s set {changes}, updated_at = now()"
            " from jsonb_populate_record(null::directory.service, cast(:values as jsonb)) d"
            " where s.id = :service",
            service=service,
            values=json.dumps({field: values[field] for field in columns}),
        )
    for field in LISTS:
        if field in values:
            await _write_list(tx, service, TABLES[field], values[field] or [])


async def _write_list(tx: Tx, service: UUID, table: str, items: Sequence[Mapping[str, Any]]) -> None:
    await tx.run(
        f"delete from directory.{table} where service_id = :service{SERVICE_LEVEL[table]}", service=service
    )
    named = [{**item, "id": str(uuid4()), "position": place} for place, item in enumerate(items)]
    await tx.run(
        f"insert into directory.{table} (id, position, service_id, {DETAIL[table]})"
        f" select id, position, :service, {DETAIL[table]}"
        f" from jsonb_populate_recordset(null::directory.{table}, cast(:items as jsonb))",
        service=service,
        items=json.dumps(named),
    )
    await tx.run("update directory.service set updated_at = now() where id = :service", service=service)


async def stand_by(tx: Tx, service: UUID, review: UUID, changes: Mapping[str, Mapping[str, Any]]) -> None:
    """Remember that these fields are edited here, and what their source said when they were."""
    for field, change in changes.items():
        await tx.run(
            "insert into directory.local_edit (service_id, field, source, value, review_id)"
            " values (:service, :field, cast(:source as jsonb), cast(:value as jsonb), :review)"
            " on conflict (service_id, field) do update"
            " set value = excluded.value, review_id = excluded.review_id",
            service=service,
            field=field,
            review=review,
            source=json.dumps(change["was"]),
            value=json.dumps(change["becomes"]),
        )


async def source_said(tx: Tx, service: UUID, field: str, brought: Any) -> None:
    """The edit stands though its source says this: from now on that is no news."""
    await tx.run(
        "update directory.local_edit set source = cast(:brought as jsonb)"
        " where service_id = :service and field = :field",
        service=service,
        field=field,
        brought=json.dumps(brought),
    )


async def standing(tx: Tx, service: UUID) -> Sequence[Stored]:
    """The edits of a listing that stand."""
    return await tx.rows(
        "select field, source::text, value::text from directory.local_edit where service_id = :service",
        service=service,
    )


async def restate(tx: Tx, service: UUID, field: str, source: Any, value: Any) -> None:
    """An edit that stands says this from now on, and its source said that."""
    await tx.run(
        "update directory.local_edit set source = cast(:source as jsonb), value = cast(:value as jsonb)"
        " where service_id = :service and field = :field",
        service=service,
        field=field,
        source=json.dumps(source),
        value=json.dumps(value),
    )


async def give_way(tx: Tx, service: UUID, field: str) -> None:
    """The edit is over: its source decides about this field again."""
    await tx.run(
        "delete from directory.local_edit where service_id = :service and field = :field",
        service=service,
        field=field,
    )


async def keep(tx: Tx, rows: Rows) -> dict[str, list[Row]]:
    """A feed's rows on their way in, with approved edits kept.

    Every importer's rows pass here (`records.put`): a pull never overwrites an edit silently.
    """
    kept = {table: [dict(row) for row in some] for table, some in rows.items()}
    services = {row["id"]: row for row in kept.get("service", [])}
    edits = await tx.rows(
        "select e.service_id, e.field, e.source::text, e.value::text, s.agency,"
        " directory.provider_of(s.id) as provider"
        " from directory.local_edit e join directory.service s on s.id = e.service_id"
        " where e.service_id = any(:services) order by e.service_id, e.field",
        services=[UUID(service) for service in services],
    )
    for edit in edits:
        await _keep_one(tx, kept, services[str(edit["service_id"])], edit)
    return kept


async def _keep_one(tx: Tx, kept: dict[str, list[Row]], service: Row, edit: Stored) -> None:
    field, brought = edit["field"], _brought(kept, service, edit["field"])
    value = json.loads(edit["value"])
    found = precedence(json.loads(edit["source"]), value, brought)
    if found is Precedence.SETTLED:
        await give_way(tx, edit["service_id"], field)
        return
    if found is Precedence.CONFLICT:
        await _ask(tx, edit, value, brought)
    if field in COLUMNS:
        service[field] = value
        return
    table = TABLES[field]
    others = [row for row in kept.get(table, []) if not _of(row, service["id"], table)]
    own = [_detail(table, service["id"], place, item) for place, item in enumerate(value or [])]
    kept[table] = others + own


def _brought(kept: Mapping[str, list[Row]], service: Row, field: str) -> Any:
    """What a feed says of a field, in the document's form."""
    if field in COLUMNS:
        return service.get(field)
    table = TABLES[field]
    columns = DETAIL[table].split(", ")
    found = [row for row in kept.get(table, []) if _of(row, service["id"], table)]
    return [{column: row[column] for column in columns if row.get(column) is not None} for row in found]


def _of(row: Row, service: str, table: str) -> bool:
    return row["service_id"] == service and (table != "phone" or row.get("contact_id") is None)


def _detail(table: str, service: str, place: int, item: Mapping[str, Any]) -> Row:
    columns = {column: item.get(column) for column in DETAIL[table].split(", ")}
    return {"id": str(uuid4()), "position": place, "service_id": service, **columns}


async def _ask(tx: Tx, edit: Stored, value: Any, brought: Any) -> None:
    """Put the disagreement before a person, once: newer words of the source replace older ones."""
    changes = {edit["field"]: {"was": value, "becomes": brought}}
    waiting = await tx.value(
        "update directory.review set changes = cast(:changes as jsonb)"
        " where service_id = :service and kind = 'conflict' and state in ('waiting', 'taken')"
        " and changes ? :field returning true",
        service=edit["service_id"],
        field=edit["field"],
        changes=json.dumps(changes),
    )
    if not waiting:
        kept = Kept(edit["service_id"], edit["agency"], edit["provider"])
        await reviews.raise_(tx, kept, Said("conflict", "feed", changes=changes))
