"""Pupil files and concern exports as schools would write them, right or wrong."""

import csv
import io
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from services.referral.rules.identifiers import check_letter

SAMPLES = Path(__file__).parents[3] / "deploy/demo/samples"
TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)

HEADER = (
    "<Header><CTFversion>25.0</CTFversion><SourceSchool><LEA>801</LEA><Estab>9901</Estab>"
    "<SchoolName>Oakfield</SchoolName><URN>999901</URN></SourceSchool></Header>"
)


def a_upn(number: int) -> str:
    rest = f"8019901{number:05d}"
    return check_letter(rest) + rest


def a_pupil(number: int = 1, more: str = "", **changed: str) -> str:
    fields = {
        "UPN": a_upn(number),
        "Surname": "Sample",
        "Forename": "Mina",
        "DOB": "2017-03-14",
    } | changed
    return f"<Pupil>{''.join(f'<{tag}>{text}</{tag}>' for tag, text in fields.items())}{more}</Pupil>"


def a_file(*pupils: str, header: str = HEADER, before: str = "") -> bytes:
    data = f"<CTFpupilData>{''.join(pupils)}</CTFpupilData>"
    return f"{before}<CTfile>{header}{data}</CTfile>".encode()


CSV, NDJSON = "text/csv; charset=utf-8", "application/x-ndjson"
COLUMNS = [
    *("external_id", "upn", "occurred_at", "recorded_at", "category", "narrative"),
    *("words_of_the_child", "immediate_action", "reporter_role", "rag"),
]
GOOD = {
    "external_id": "OAK-1",
    "upn": "H801200001001",
    "occurred_at": "2026-11-19T10:40",
    "category": "welfare",
    "narrative": "Came in without a coat.",
}


def as_csv(*records: dict[str, Any], end: str = "\r\n") -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, lineterminator=end)
    writer.writeheader()
    writer.writerows(records)
    return text.getvalue().encode("utf-8", "surrogatepass")


def as_ndjson(*records: dict[str, Any]) -> bytes:
    return "\n".join(json.dumps(record) for record in records).encode()


ROW = as_csv(GOOD).splitlines(keepends=True)[1]
