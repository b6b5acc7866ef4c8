"""One address is one address, however it is spelt, spaced, escaped or split."""

import json
import time
from collections.abc import Iterable
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.seals.addresses import LONGEST_FOLDED, SHORTEST, fragments
from hub.seals.finding import Index, Seal
from hub.seals.hiding import MASK, Hiding

ADDRESS = "Haven House, 12 Rosé Lane, Northport, NP9 2AB"
SAYS_IT = [
    "12 Rosé Lane",
    "12 ROSE LANE",
    "12  rose\tlane",
    "12 Rose Ln.",
    "12, Rose-Lane",
    "12roselane",
    "12RoseLane",
    "No. 12 Rose Lane",
    "they are at 12\nRose\nLane now",
    "12 Ro\u00adse La\u200bne",
    "\uff11\uff12 Rose Lane",
    "12\\nRose Lane",
    "12 Ros\\u00e9 Lane",
    "12 Rose\\\\nLane",
    "12%20Rose%20Lane",
    "12&nbsp;Rose Lane",
    "LaneNP92AB",
    "np9 2ab",
    "NP92AB",
    "N P 9 2 A B",
    "haven hse",
    "Haven-House",
    "12\u2009Rose\u3000Lane",
    "12 R\u2060o\u2066s\u2069e L\u180ea\u200fne",
    "12 Ro\u3164se La\uffa0ne",
    "12 R\u0301o\u0336se L\ufe0fane",
    "12 Rose La\U000e0061ne",
    "\U0001d7cf\U0001d7d0 \U0001d411\U0001d428\U0001d42c\U0001d41e Lane",
    "&#49;2 Ros&#x65; Lane",
    "&amp;#49;2 Rose Lane",
    "12+Rose%2520Lane",
    "\\u0031\\u0032 Rose Lane",
    "\\\\u0031\\\\u0032 Rose Lane",
    "12_Rose_Lane",
    "NP9\u00a02AB",
    "np9-2ab",
    "NP9\n2AB",
    "12A Rose Lane",
    "12 b, Rose Ln",
    "12 R\u043es\u0435 L\u0430ne",
    "12 R\u03bfse Lane",
    "N\u04209 2\u0410B",
    "12 Ro<b>se</b> Lane",
    "12 Ro&lt;i class='x'&gt;se Lane",
    "12 <span>Rose</span><br/>Lane",
    "<p>HAVEN<br>HOUSE</p><p>NORTHPORT</p>",
    "Haven House's garden",
    "12 Rose Lane\u2019s door",
    "NP9 2AB's",
    "12-14 Rose Lane",
    "10/12 Rose Lane",
    "10 and 12 Rose Lane",
    "10A to 12B, Rose Ln",
    "12 &amp; 14 Rose Lane",
]
DOES_NOT = [
    "112 Rose Lane",
    "112A Rose Lane",
    "12 X Rose Lane",
    "12 Rose Laneway",
    "NP9 2ABC",
    "NP92",
    "Haven",
    "Northport",
    "House",
    "Rose Lane",
]


def _index(*texts: str, named: Iterable[str] = ()) -> Index:
    seal = Seal(uuid4(), (uuid4(),), frozenset(named), None)
    return Index(uuid4(), [(fragment, seal) for text in texts for fragment in fragments(text)])


def _hide(index: Index, said: object) -> str:
    hiding, body = Hiding(index, lambda _: True, lambda _: True), json.dumps(said)
    return hiding.in_json(body) if hiding.needed(body) else body


@pytest.mark.parametrize("text", SAYS_IT)
def test_hides_every_way_of_writing_it(text: str) -> None:
    shown = json.loads(_hide(_index(ADDRESS), {"note": f"Before. {text}. After."}))
    assert MASK in shown["note"]
    assert not _index(ADDRESS).touches(shown["note"], lambda _: True)


@pytest.mark.parametrize("text", DOES_NOT)
def test_leaves_what_only_resembles_it(text: str) -> None:
    said = {"note": f"Before. {text}. After."}
    assert json.loads(_hide(_index(ADDRESS), said)) == said


@pytest.mark.parametrize("text", ["12A Rose Lane", "12a, rose ln", "12 Rose Lane", "12C Rose Lane"])
def test_a_door_hides_its_neighbours_in_the_same_street(text: str) -> None:
    assert _hide(_index("12A Rose Lane"), [f"At {text}, they say."]) == f'["At {MASK}, they say."]'


@pytest.mark.parametrize("sealed", ["12-14 {}", "12a-14B {}", "12 to 14 {}", "12/14A {}", "12 and 14 {}"])
@pytest.mark.parametrize(
    "street", ["Rose Lane", "St Mary's Road", "The Mount", "Ox Lane", "Heath", "D'Arcy Way"]
)
def test_a_house_of_several_numbers_is_found_by_each(sealed: str, street: str) -> None:
    index = _index(sealed.format(street))
    for number in ("12", "14", "12 - 14", "14B", "12A and 14", "10-14"):
        assert MASK in _hide(index, [f"At {number} {street}, they say."]), number
    assert MASK not in _hide(index, [f"At 16 {street}, they say."])


@pytest.mark.parametrize(
    ("sealed", "text"),
    [
        ("12 The Mount", "12A The Mount"),
        ("12A The Mount", "12 Mount"),
        ("12 Ox Lane", "12 a Ox lane"),
        ("Flat 1, Quibble House, 12 Rose Lane, NP9 2AB", "the refuge is Quibble House"),
        ("Room 4, Quillfeather Lodge, Northport", "QUILLFEATHER LODGE"),
        ("Rosebank, Church Road, Northport, NP9 2AB", "Rosebank, Church Rd"),
        ("12 St Mary's Road", "12 st. marys rd"),
        ("12 St Marys Road", "12 Saint Mary\u2019s Road"),
    ],
)
def test_hides_a_part_that_tells_enough(sealed: str, text: str) -> None:
    assert MASK in _hide(_index(sealed), [f"They say: {text}!"])


@given(
    st.text(max_size=60)
    | st.from_regex(r"(\d{1,3}[a-h]?[-/ ]){1,3}[A-Z][a-z]{1,3}( St| Rd)*", fullmatch=True)
)
def test_whatever_is_sealed_can_be_stored(text: str) -> None:
    assert all(SHORTEST <= len(fragment) <= LONGEST_FOLDED for fragment in fragments(text))


def test_what_is_longer_written_out_is_looked_for_in_its_parts() -> None:
    assert fragments(f"12 Rose Lane, {'St ' * 90}") == {"12roselane"}


def test_hides_the_words_and_nothing_round_them() -> None:
    shown = json.loads(_hide(_index(ADDRESS), ["Zoë met mum at 12 Rosé Lane, NP9 2AB, at three."]))
    assert shown == [f"Zoë met mum at {MASK}, {MASK}, at three."]


def test_hides_keys_numbers_and_an_address_in_several_lines() -> None:
    index = _index("12 Rose Lane", "07700 900123")
    said = {"12 Rose Lane": 1, "lines": ["12 Rose", "Lane"], "phone": 7700900123, "id": str(uuid4())}
    shown = json.loads(_hide(index, said))
    assert shown == {MASK: 1, "lines": [MASK, MASK], "phone": MASK, "id": said["id"]}


@pytest.mark.parametrize(
    "text",
    [
        "+44 7700 900123",
        "+44 (0)7700 900123",
        "07700900123",
        "0044 7700 900 123",
        "(07700) 900-123",
        "07700.900.123",
        "tel:+447700900123",
        "0 7 7 0 0 9 0 0 1 2 3",
        "\uff10\uff17\uff17\uff10\uff10 \uff19\uff10\uff10\uff11\uff12\uff13",
    ],
)
def test_hides_a_telephone_number_in_every_form(text: str) -> None:
    assert "900" not in _hide(_index("07700 900123"), {"note": f"ring {text} after six"})


@pytest.mark.parametrize(
    "text", ["House", "the", "12", "Flat 2", "Primary School", "High Street", "!", "123456"]
)
def test_finds_nothing_to_seal_in_what_stands_everywhere(text: str) -> None:
    assert fragments(text) == set()


@given(
    before=st.text(),
    after=st.text(),
    between=st.text(alphabet=" \n\t.,-_/|\"\\'\u00a0\u200b", max_size=6),
    levels=st.integers(0, 2),
)
def test_nothing_round_it_or_between_its_words_lets_it_out(
    before: str, after: str, between: str, levels: int
) -> None:
    said = f"{before} QZVALLEY{between or ' '}COTTAGE {after}"
    for _ in range(levels):
        said = json.dumps(said)
    shown = _hide(_index("Qzvalley Cottage"), [said])
    assert "QZVALLEY" not in shown


def test_looks_for_five_thousand_seals_in_a_large_answer_in_milliseconds() -> None:
    index = _index(
        *(f"House {n}, {n} Example Street, Northport, NP{n % 90 + 1} {n % 9}ZZ" for n in range(5_000))
    )
    rows = [
        {"id": str(uuid4()), "note": "The child came to school at nine and was glad to see us. " * 4}
    ] * 700
    body = json.dumps(rows)[:200_000]
    hiding = Hiding(index, lambda _: True, lambda _: True)
    began = time.process_time()
    assert not hiding.needed(body)
    taken = time.process_time() - began
    assert taken < 0.5, f"{taken * 1000:.0f} ms"


def test_a_text_made_to_be_slow_is_not() -> None:
    index = _index(*(f"0770090{n:04d}" for n in range(5_000)))
    began = time.process_time()
    Hiding(index, lambda _: True, lambda _: True).needed("07700 900 x " * 16_000)
    assert time.process_time() - began < 2
