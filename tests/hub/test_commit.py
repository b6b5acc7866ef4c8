"""A failed commit is never a 2xx, and a database that is gone is never an allow."""

import asyncpg
import httpx

from deploy.demo.partnership import OAKFIELD
from tests.people import Room, a_family, fresh_upn

BREAK = """
create or replace function public.refuse_to_commit() returns trigger language plpgsql as
$$ begin raise exception 'refused at commit'; end $$;
create constraint trigger refuse_to_commit after insert on referral.concern
  deferrable initially deferred for each row when (new.narrative = 'breaks at commit')
  execute function public.refuse_to_commit()"""
MEND = "drop trigger refuse_to_commit on referral.concern; drop function public.refuse_to_commit()"


async def test_a_failing_commit_is_an_error_and_stores_nothing(
    room: Room, administrator: asyncpg.Connection
) -> None:
    await administrator.execute(BREAK)
    try:
        answer = await room[OAKFIELD].post(
            "/referral/concerns",
            {
                "upn": fresh_upn(),
                "kind": "other",
                "narrative": "breaks at commit",
                "occurred_at": "2026-11-01T09:00:00Z",
            },
        )
    finally:
        await administrator.execute(MEND)
    assert answer.status_code == 500
    assert answer.json() == {
        "type": "/problems/something-broke",
        "title": "Something broke on our side. Nothing was stored",
        "status": 500,
    }
    found = await administrator.fetchval(
        "select count(*) from referral.concern where narrative = 'breaks at commit'"
    )
    assert found == 0


async def test_when_the_trace_cannot_be_written_there_is_no_answer(
    room: Room, administrator: asyncpg.Connection
) -> None:
    family = await a_family(room)
    await administrator.execute("revoke insert on hub.disclosure from hub_referral")
    try:
        answer = await room[OAKFIELD].get(f"/referral/households/{family.household}/case")
    finally:
        await administrator.execute("grant insert on hub.disclosure to hub_referral")
    assert answer.status_code >= 400
    assert "Synthetic" not in answer.text


async def test_a_made_up_address_is_a_problem_like_any_other(http: httpx.AsyncClient) -> None:
    answer = await http.get("/no/such/thing")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
