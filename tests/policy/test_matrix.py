"""Who sees what: every operation x every role x how a record stands towards them, asked of a running hub."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from deploy.demo.feed import serve as feed
from deploy.local import HOST, listen, served
from tests.policy.golden import compare
from tests.policy.matrix.asking import Asked, ask_everything
from tests.policy.matrix.exactly import Exactly
from tests.policy.matrix.hubs import a_hub
from tests.policy.matrix.operations import of_graphql, of_rest
from tests.policy.matrix.printed import printed
from tests.policy.matrix.situations import NOBODY, STRANGER, UNSEEN, Role, Situation, prepare
from tests.policy.matrix.wanted import records_in
from tests.policy.matrix.wanted import unknown as why_not
from tests.policy.matrix.words import as_for_nobody, telling

# A decision in an agency's favour stays there for it to read after it was withdrawn: it was told of it, and
# learns here that it has to stop. Of somebody whom a restriction hides from it, it reads what it would read
# of nobody: a decision said to be in force that opens nothing would tell it of the restriction.
# Of somebody who was erased it reads that it was told, and nothing that was said.
TOLD = {
    ("GET /sharing/decisions", Situation.WITHDRAWN),
    ("GET /sharing/decisions", Situation.ERASED),
}
# Who was shown what was erased is told whose it was, to erase its own copies (UK GDPR Art 17(2) and 19).
TOLD_OF_ERASURE = {"GET /rights/erasures", "GET /notices"}


@pytest.fixture(scope="module")
async def asked(server: dict[str, Any], worker_id: str) -> AsyncIterator[Asked]:
    """Every answer. The hub that is asked has a database of its own, and so has the other one."""
    listener = listen(0)
    url = f"http://{HOST}:{listener.getsockname()[1]}"
    async with (
        served(feed.app(), listener),
        a_hub(server, f"matrix_{worker_id}") as hub,
        a_hub(server, f"elsewhere_{worker_id}") as other,
    ):
        prepared = await prepare(hub, other, url)
        merged = (await hub.http.get("/openapi.json")).json()
        yield await ask_everything(prepared, [*of_rest(merged), *of_graphql()])


async def test_every_operation_there_is_can_be_asked(http: httpx.AsyncClient) -> None:
    merged = (await http.get("/openapi.json")).json()
    missing = [why for one in (*of_rest(merged), *of_graphql()) if (why := why_not(one))]
    assert missing == [], "name what they take in tests/policy/matrix/values.py; make it in families.py"


def test_every_role_is_answered_what_was_agreed(asked: Asked) -> None:
    compare("matrix.txt", printed(asked))


def test_nothing_broke_and_every_question_was_well_put(asked: Asked) -> None:
    """A question of the wrong shape proves nothing about who may ask it."""
    ill_put = {
        (name, answer.body)
        for (name, _, _), answer in asked.answers.items()
        if "payload-not-valid" in answer.body
    }
    assert ill_put == set(), "say in tests/policy/matrix/values.py what these take"
    broke = {(name, role) for (name, role, _), answer in asked.answers.items() if answer.status >= 500}
    assert broke == set()


def test_who_lacks_the_scope_hears_the_same_bytes_whoever_it_is_and_whatever_it_asks_about(
    asked: Asked,
) -> None:
    """Each was asked about a family that is shared with it, all of them about different ones."""
    for operation in (one for one in asked.operations if one.scopes):
        lacking = [role.name for role in asked.prepared.roles if role.lacks(operation.scopes)]
        heard = [asked.answers[operation.name, name, Situation.SHARED] for name in lacking]
        unknown = [name for name, one in zip(lacking, heard, strict=True) if one.status == 401]
        refused = {(one.status, str(one.headers), one.body) for one in heard if one.status != 401}
        assert unknown == [STRANGER, NOBODY], operation.name
        assert [status for status, _, _ in refused] == [403], (operation.name, refused)


def test_what_may_not_be_seen_is_answered_like_what_does_not_exist(asked: Asked) -> None:
    """Status, headers and body, byte for byte once the id that was asked for is put in its place."""
    told_apart = [
        (operation.name, role.name, situation.value)
        for operation in asked.operations
        for role in asked.prepared.roles
        for situation in _unseen_by(role)
        if (operation.name, role.name, situation) in asked.answers
        and records_in(operation)
        and (operation.name, situation) not in TOLD
        and not as_for_nobody(asked, operation, role, situation)
    ]
    assert told_apart == []


def test_no_answer_to_anybody_holds_what_is_sealed_from_them(asked: Asked) -> None:
    for (name, role, situation), answer in asked.answers.items():
        if situation is Situation.SEALED:
            address = asked.records[name, role, situation]["address"]
            assert address not in answer.body, (name, role)


def test_no_list_holds_anything_of_a_family_that_may_not_be_seen(asked: Asked) -> None:
    for operation in (one for one in asked.operations if not records_in(one)):
        for role in (one for one in asked.prepared.roles if not one.oversees):
            body = asked.answers[operation.name, role.name, Situation.SHARED].body
            for situation in UNSEEN:
                if situation is Situation.ERASED and operation.name in TOLD_OF_ERASURE:
                    continue
                family = telling(asked.prepared.records(role, situation) or {})
                assert [text for text in family if text in body] == [], (operation.name, role.name)


async def test_who_holds_the_scopes_an_operation_says_lacks_none(asked: Asked) -> None:
    """None is wanting further in, where it would be a refusal of something else or no answer at all."""
    wanting = [
        (name, answer.status)
        for name, answer in (await Exactly(asked).with_all()).items()
        if "scope-missing" in answer.body or answer.status >= 500
    ]
    assert wanting == []


async def test_who_lacks_one_of_several_scopes_is_told_which_are_needed(asked: Asked) -> None:
    refused = await Exactly(asked).with_all_but_one()
    assert len(refused) > 50
    for (name, lacking), answer in refused.items():
        assert (answer.status, "scope-missing" in answer.body) == (403, True), (name, lacking, answer.status)
        assert lacking in answer.headers["www-authenticate"], name


def _unseen_by(role: Role) -> tuple[Situation, ...]:
    """Oversight sees by office all that is in this hub."""
    return (Situation.ELSEWHERE,) if role.oversees else UNSEEN
