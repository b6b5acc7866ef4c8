"""What a verifier says of an exported log, intact and tampered with in every way there is a name for."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from joserfc.jwk import OKPKey

from deploy.audit import Kind, Verdict, verify_log
from deploy.audit.export import FORMAT
from hub.proof import Signer, Tree, commitment_to

SIGNER = Signer("hub.example/audit", OKPKey.generate_key("Ed25519"))
OTHER = Signer("hub.example/audit", OKPKey.generate_key("Ed25519"))
SIZE = 8
CHECKPOINTS = (3, 5, SIZE)

Line = dict[str, Any]


def a_log() -> list[Line]:
    """A header and eight leaves, checkpointed after the third, the fifth and the last."""
    tree, lines = Tree(), list[Line]()
    for number in range(SIZE):
        text, salt = json.dumps({"id": f"d-{number}"}), bytes([number] * 32)
        commitment = commitment_to(salt, text)
        tree.append(commitment)
        root = tree.root().hex() if tree.size in CHECKPOINTS else None
        leaf = {"commitment": commitment.hex(), "text": text, "salt": salt.hex(), "root": root}
        lines.append({"number": number, "disclosure": f"d-{number}", **leaf})
    header = {"format": FORMAT, "checkpoint": SIGNER.sign(tree), "key": SIGNER.verifier_key()}
    return [header, *lines]


def checkpoint(size: int) -> str:
    """The checkpoint that somebody kept when the log had this size."""
    tree = Tree()
    tree.extend(bytes.fromhex(line["commitment"]) for line in a_log()[1 : size + 1])
    return SIGNER.sign(tree)


def judge(lines: list[Line], **more: Any) -> Verdict:
    """The verdict on these lines."""
    return verify_log((json.dumps(line) for line in lines), **more)


def kinds(verdict: Verdict) -> list[tuple[Kind, int | None]]:
    """What is wrong, and where."""
    return [(failure.kind, failure.number) for failure in verdict.failures]


def recommit(lines: list[Line], number: int) -> None:
    """Change a row and its leaf together, as somebody who can write the whole database would."""
    leaf = lines[number + 1]
    leaf["text"] = json.dumps({"id": leaf["disclosure"], "agency": "somebody-else"})
    leaf["commitment"] = commitment_to(bytes.fromhex(leaf["salt"]), leaf["text"]).hex()


def swap(lines: list[Line], one: int, other: int) -> None:
    """Exchange two rows and their leaves, numbers kept."""
    lines[one + 1], lines[other + 1] = lines[other + 1], lines[one + 1]
    lines[one + 1]["number"], lines[other + 1]["number"] = one, other
    lines[one + 1]["root"], lines[other + 1]["root"] = lines[other + 1]["root"], lines[one + 1]["root"]


def test_holds_as_it_was_written() -> None:
    verdict = judge(a_log(), key=SIGNER.verifier_key(), kept=[checkpoint(0), checkpoint(5)])
    assert verdict.holds
    assert verdict.size == SIZE


def tampered(change: Callable[[list[Line]], Any]) -> list[tuple[Kind, int | None]]:
    """What the verifier finds after a change."""
    lines = a_log()
    change(lines)
    return kinds(judge(lines))


def test_names_a_row_that_was_altered() -> None:
    assert tampered(lambda log: log[5].update(text="{}")) == [(Kind.ALTERED, 4)]


def test_names_a_row_whose_salt_was_altered() -> None:
    assert tampered(lambda log: log[2].update(salt="00" * 32)) == [(Kind.ALTERED, 1)]


def test_names_a_row_that_was_deleted() -> None:
    assert tampered(lambda log: log[7].update(text=None, salt=None)) == [(Kind.MISSING, 6)]


def test_names_a_leaf_that_was_deleted() -> None:
    assert tampered(lambda log: log.pop(4)) == [(Kind.MISSING, 3)]


def test_names_a_leaf_that_is_out_of_its_place() -> None:
    assert tampered(lambda log: log.insert(6, log.pop(3))) == [(Kind.REORDERED, 2)]


def test_names_a_leaf_that_is_there_twice() -> None:
    assert tampered(lambda log: log.insert(6, log[3])) == [(Kind.ADDED, 2)]


def test_says_where_a_log_was_cut_off() -> None:
    assert tampered(lambda log: log.pop()) == [(Kind.TRUNCATED, 7)]


def test_says_that_leaves_were_added_behind_the_signed_end() -> None:
    assert tampered(lambda log: log.append({**log[8], "number": 8, "root": None})) == [(Kind.ADDED, 8)]


def test_names_a_disclosure_that_was_slipped_in_beside_the_log() -> None:
    assert tampered(lambda log: log.append({"unproven": "d-9"})) == [(Kind.ADDED, None)]


def test_finds_a_row_changed_together_with_its_leaf_and_says_between_which() -> None:
    assert tampered(lambda log: recommit(log, 4)) == [(Kind.REWRITTEN, 3)]


def test_finds_rows_exchanged_together_with_their_leaves() -> None:
    assert tampered(lambda log: swap(log, 5, 6)) == [(Kind.REWRITTEN, 5)]


def test_tells_an_altered_checkpoint_from_an_altered_log() -> None:
    found = tampered(lambda log: log[3].update(root="00" * 32))
    assert found == [(Kind.ALTERED, None)]


def test_names_a_line_that_cannot_be_read() -> None:
    assert tampered(lambda log: log[4].pop("commitment")) == [(Kind.UNREADABLE, 3)]


def test_says_that_the_signature_is_wrong() -> None:
    def change(log: list[Line]) -> None:
        log[0]["checkpoint"] = log[0]["checkpoint"].replace("\n8\n", "\n7\n")

    assert tampered(change) == [(Kind.SIGNATURE_WRONG, None)]


def test_does_not_believe_the_key_of_the_file_when_it_is_given_one() -> None:
    assert kinds(judge(a_log(), key=OTHER.verifier_key())) == [(Kind.SIGNATURE_WRONG, None)]


@pytest.mark.parametrize("first", [{}, {"format": "another"}, {"format": FORMAT}, []])
def test_refuses_a_file_that_is_no_log(first: Any) -> None:
    assert kinds(judge([first])) == [(Kind.UNREADABLE, None)]


def test_refuses_an_empty_file() -> None:
    assert kinds(verify_log([])) == [(Kind.UNREADABLE, None)]


def test_finds_a_log_rolled_back_behind_a_checkpoint_that_was_kept() -> None:
    rolled_back = [{**a_log()[0], "checkpoint": checkpoint(5)}, *a_log()[1:6]]
    assert judge(rolled_back).holds
    assert kinds(judge(rolled_back, kept=[checkpoint(SIZE)])) == [(Kind.TRUNCATED, 5)]


def test_finds_a_log_signed_anew_that_contradicts_a_checkpoint_that_was_kept() -> None:
    lines = a_log()
    recommit(lines, 1)
    tree = Tree()
    tree.extend(bytes.fromhex(line["commitment"]) for line in lines[1:])
    lines = [{**lines[0], "checkpoint": SIGNER.sign(tree)}, *({**leaf, "root": None} for leaf in lines[1:])]
    assert judge(lines).holds
    assert kinds(judge(lines, kept=[checkpoint(5)])) == [(Kind.REWRITTEN, 0)]


EARLIER, LATER = "2026-08-24T09:00:00+00:00", "2026-11-22T09:00:00.5+00:00"
REQUEST = "0192f0c4-0000-7000-8000-000000000001"
A_STEP = {"ledger": "decision_event", "row": "r", "step": "given", "of": "d", "by": "oakfield-primary"}


def a_log_of(*rows: Mapping[str, str]) -> list[Line]:
    """A signed log whose leaves commit to these rows, in order."""
    tree, lines = Tree(), list[Line]()
    for number, row in enumerate(rows):
        text = json.dumps({"at": row.get("at", LATER), "id": f"d-{number}", **row})
        tree.append(commitment_to(b"", text))
        leaf = {"commitment": commitment_to(b"", text).hex(), "text": text, "salt": "", "root": None}
        lines.append({"number": number, "disclosure": f"d-{number}", **leaf})
    return [{"format": FORMAT, "checkpoint": SIGNER.sign(tree), "key": SIGNER.verifier_key()}, *lines]


def test_names_a_step_that_was_recorded_after_what_came_later() -> None:
    [failure] = judge(a_log_of({}, {"at": EARLIER, **A_STEP})).failures
    assert (failure.kind, failure.number) == (Kind.BACK_DATED, 1)
    assert "the step r (given by oakfield-primary, 2026-08-24) of a decision, d" in failure.words


def test_a_step_in_its_time_is_not_named() -> None:
    assert judge(a_log_of({"at": EARLIER, **A_STEP}, {}, {"at": LATER, **A_STEP})).holds


def test_a_step_that_says_it_is_made_up_is_counted() -> None:
    verdict = judge(a_log_of({}, {"at": EARLIER, "why": "seed", **A_STEP}))
    assert verdict.holds
    assert verdict.seeded == 1


def test_a_step_that_was_entered_anew_under_an_erasure_rests_on_one_in_the_log() -> None:
    anew = {"at": EARLIER, "why": f"erasure {REQUEST}", **A_STEP}
    erasure = {"outcome": "erased", "reason": f"erasure {REQUEST}: {'ab' * 32}"}
    assert judge(a_log_of(erasure, anew)).holds
    assert kinds(judge(a_log_of({}, anew))) == [(Kind.BACK_DATED, 1)]


def test_names_a_step_that_was_slipped_in_beside_the_log() -> None:
    lines = [*a_log(), {"unproven": "r-9", "ledger": "override_event"}]
    [failure] = judge(lines).failures
    assert failure.words == "the step r-9 of an override never passed through the sequencer"


def test_counts_no_more_failures_than_anybody_would_read() -> None:
    lines = a_log()
    lines[8]["number"] = 10**12
    assert len(judge(lines).failures) == 100
