"""Receiving files: good lines and pupils are kept, bad ones named, and a repeat doubles nothing."""

from importlib.resources import files

import asyncpg

from deploy.demo.partnership import HILLTOP, OAKFIELD
from tests.people import Room, fresh_upn

SAMPLES = files("deploy.demo") / "samples"
CSV, NDJSON, XML = "text/csv", "application/x-ndjson", "application/xml"


async def _send(room: Room, path: str, content: bytes, kind: str, key: str) -> dict[str, object]:
    headers = {"content-type": kind, "idempotency-key": key}
    return await room[OAKFIELD].made(path, content=content, headers=headers)


async def test_a_pupil_file_registers_its_pupils_and_brings_siblings_together(room: Room) -> None:
    content = (SAMPLES / "oakfield.ctf.xml").read_bytes()
    report = await _send(room, "/referral/pupil-files", content, XML, "ctf-1")
    assert report["counts"] == {"registered": 8, "bad": 0}
    sizes = sorted(len(household["members"]) for household in report["households"])  # type: ignore[index]
    assert sizes[-1] == 3


async def test_the_same_pupil_file_again_makes_no_second_household(room: Room) -> None:
    content = (SAMPLES / "oakfield.ctf.xml").read_bytes()
    first = await _send(room, "/referral/pupil-files", content, XML, "ctf-2")
    again = await _send(room, "/referral/pupil-files", content, XML, "ctf-3")
    assert first == again


async def test_a_bad_line_is_reported_by_number_and_the_good_ones_kept(room: Room) -> None:
    content = (SAMPLES / "oakfield-concerns.csv").read_bytes()
    report = await _send(room, "/referral/concerns/batch", content, CSV, "csv-1")
    assert report["counts"] == {"received": 6, "already_had": 0, "bad": 1}
    [bad] = report["bad"]  # type: ignore[misc]
    assert bad["errors"][0]["pointer"] == "/upn"


async def test_a_batch_sent_under_another_key_finds_everything_already_there(
    room: Room, administrator: asyncpg.Connection
) -> None:
    upn = fresh_upn()
    line = (
        f'{{"external_id": "x-{upn}", "upn": "{upn}", "occurred_at": "2026-11-19T09:00:00Z",'
        ' "category": "welfare", "narrative": "Tired."}\n'
    ).encode()
    await _send(room, "/referral/concerns/batch", line, NDJSON, f"nd-1-{upn}")
    report = await _send(room, "/referral/concerns/batch", line, NDJSON, f"nd-2-{upn}")
    assert report["counts"] == {"received": 0, "already_had": 1, "bad": 0}
    found = await administrator.fetchval(
        "select count(*) from referral.concern where external_id = $1", f"x-{upn}"
    )
    assert found == 1


async def test_xml_entity_tricks_are_refused(room: Room) -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><CTfile>&a;</CTfile>'
    answer = await room[HILLTOP].post(
        "/referral/pupil-files", content=bomb, headers={"content-type": XML, "idempotency-key": "bomb"}
    )
    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/pupil-file-not-safe"


async def test_a_file_that_is_too_large_is_refused(room: Room) -> None:
    answer = await room[HILLTOP].post(
        "/referral/pupil-files",
        content=b"x" * (9 * 1024 * 1024),
        headers={"content-type": XML, "idempotency-key": "large"},
    )
    assert answer.status_code == 413
