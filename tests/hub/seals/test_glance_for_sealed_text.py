"""A glance spares the reading and never the finding: with it and without it, the same is hidden."""

import json
import time
from uuid import uuid4

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hub.seals.addresses import DOOR_LETTERS, fragments
from hub.seals.finding import Index, Seal
from hub.seals.folding import WRITTEN_OUT, folded
from hub.seals.glancing import Glance, anchors, bare, run_together

# What the glance could trip over: words that go, words that are abbreviated, and pieces of both.
RISKY = ["the", "and", "t", "th", "he", "e", "a", "an", "nd", "d", "The", "AND", "tHE", "n", "h"]
WORDS = [
    *DOOR_LETTERS,
    "12a",
    "7",
    "to",
    "14",
    "ox",
    "mount",
    "heath",
    "\u0430",
    *WRITTEN_OUT,
    *WRITTEN_OUT.values(),
    "12",
    "np9",
    "2ab",
    "rose",
    "Haven",
    "quill",
    "ß",
    "é",
    "ﬁ",
    "١٢",
]
PIECES = st.sampled_from([*RISKY, *WORDS]) | st.text(max_size=3)
BETWEEN = st.sampled_from(
    ["", "", " ", " ", ", ", "\n", "\\n", "_", "-", "'", "\u200b", "\u0301", "&nbsp;", "%20"]
)
WRITTEN = st.lists(st.tuples(PIECES, BETWEEN), max_size=9).map(lambda said: "".join(map("".join, said)))


def _index(*sealed: str) -> Index:
    seal = Seal(uuid4(), (uuid4(),), frozenset(), None)
    return Index(uuid4(), [(fragment, seal) for fragment in sealed])


def _same(sealed: list[str], text: str) -> bool:
    index = _index(*sealed)
    read = list(index.read(text, lambda _: True))
    assert list(index.hits(text, lambda _: True)) == read
    return bool(read)


@settings(max_examples=600)
@given(sealed=st.lists(WRITTEN, min_size=1, max_size=3), text=WRITTEN)
@example(sealed=["heath road"], text="t heath road")
@example(sealed=["12 bath east lane"], text="12 bath the east lane")
@example(sealed=["Ann Hand"], text="T Ann and Hand e")
@example(sealed=["12 Heath"], text="12h Heath")
@example(sealed=["12 Heath Road"], text="12 A Heath Rd")
@example(sealed=["12 Heath"], text="12-14 Heath")
@example(sealed=["14 The Mount"], text="12 and 14b, The Mount")
@example(sealed=["1 ١٢ Heath"], text="at 1 ١٢ Heath")
@example(sealed=["112 Ox"], text="112 A Ox Lane")
@example(sealed=["12 Death"], text="12 to 14 Death, 9")
@example(sealed=["12 Theale Road"], text="12A the Theale Rd")
@example(sealed=["12 Ndola Way"], text="12a Ndola Way")
@example(sealed=["Flat 2, 12 Quibblehatch Road"], text="flat 2 12B quibblehatch rd")
def test_finds_what_reading_finds_in_any_text(sealed: list[str], text: str) -> None:
    _same([one for one in map(folded, sealed) if one] or ["12roselane"], text)


@settings(max_examples=600)
@given(
    sealed=WRITTEN,
    before=WRITTEN,
    after=WRITTEN,
    inside=st.lists(st.tuples(st.integers(0, 40), st.sampled_from([" the ", " and ", " ", "\u200b", "The"]))),
)
def test_finds_what_reading_finds_where_it_stands(
    sealed: str, before: str, after: str, inside: list[tuple[int, str]]
) -> None:
    said = sealed
    for at, put in inside:
        said = said[:at] + put + said[at:]
    _same([folded(sealed) or "12roselane"], f"{before} {said} {after}")


@pytest.mark.parametrize(("short", "long"), [pair for pair in WRITTEN_OUT.items() if pair[1]])
def test_an_abbreviation_is_found_as_what_it_stands_for(short: str, long: str) -> None:
    assert _same([f"12rose{long}"], f"at 12 Rose {short.upper()}.")
    assert _same([f"{long}of12"], f"at {short} of 12")


def test_passes_what_only_shares_words() -> None:
    glance = Glance(fragments("Haven House, 12 Rose Lane, Northport, NP9 2AB"))
    assert not glance.stops_at("A haven of roses in the lane; the house of twelve, NP 92.")
    assert glance.stops_at("at 12, Rosé Ln")
    assert glance.stops_at("at 12C Rose Ln")
    assert not glance.stops_at("at 14 Rose Lane, NP9 3AB")


def test_a_fragment_of_nothing_but_risky_letters_makes_it_read_everything() -> None:
    assert anchors("hedana") == ()
    assert _same(["hedana"], "for Hed Ana")


def test_what_goes_leaves_the_same_in_any_order() -> None:
    assert bare(b"tthehe") == bare(b"t" + b"he") == b""
    assert bare(b"t" * 50 + b"he" * 50) is None
    assert run_together("12 ROSÉ-Lane's ½") == b"12roselanes12"


def _large_answer() -> str:
    rows = [
        {
            "id": str(uuid4()),
            "subject": str(uuid4()),
            "at": "2026-11-19T08:40:00.123456+00:00",
            "note": 'The child came to school at nine.\nShe said "hello" & was glad.',
        }
        for _ in range(900)
    ]
    return json.dumps(rows)[:200_000]


def test_a_large_answer_is_glanced_at_many_times_as_fast_as_it_is_read() -> None:
    index = _index(
        *(
            fragment
            for n in range(5_000)
            for fragment in fragments(f"House {n}, {n} Example Street, Northport, NP{n % 90 + 1} {n % 9}ZZ")
        )
    )
    text, glanced, read = _large_answer(), list[float](), list[float]()
    for _ in range(3):
        began = time.process_time()
        assert not index.touches(text, lambda _: True)
        glanced.append(time.process_time() - began)
        began = time.process_time()
        assert not list(index.read(text, lambda _: True))
        read.append(time.process_time() - began)
    assert min(glanced) * 3 < min(read), f"{min(glanced) * 1000:.1f} against {min(read) * 1000:.1f} ms"
