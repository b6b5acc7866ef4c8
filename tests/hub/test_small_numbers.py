"""Small numbers stay hidden, whatever is subtracted from whatever."""

from hypothesis import given
from hypothesis import strategies as st

from hub.small_numbers import LEAST, Cell, published

AREAS, NEEDS = ["BS5 6", "BS5 0", "BS16 2"], ["food", "housing", "money"]
CELLS = st.tuples(st.sampled_from(AREAS), st.sampled_from(NEEDS))
COUNTS = st.dictionaries(CELLS, st.integers(0, 12))


@given(COUNTS, st.data())
def test_two_tables_that_differ_in_small_numbers_alone_are_published_alike(
    counts: dict[Cell, int], data: st.DataObject
) -> None:
    """So no sum or difference of anything in an answer can tell a hidden number from another."""
    other = {
        cell: data.draw(st.integers(1, LEAST - 1)) if 0 < count < LEAST else count
        for cell, count in counts.items()
    }
    assert published(counts) == published(other)


@given(COUNTS)
def test_a_total_is_right_or_says_that_it_is_at_least(counts: dict[Cell, int]) -> None:
    table, true = published(counts), sum(counts.values())
    if table.total.count is not None:
        assert table.total.count <= true
        assert table.total.exact is (table.total.count == true)
    for shown in (*table.cells.values(), *table.rows.values(), *table.columns.values()):
        assert shown.count is None or shown.count == 0 or shown.count >= LEAST


def test_small_numbers_and_what_stands_on_them_are_said_in_words() -> None:
    table = published({("BS5 6", "food"): 9, ("BS5 6", "money"): 2, ("BS5 0", "money"): 4})
    assert {cell: shown.says for cell, shown in table.cells.items()} == {
        ("BS5 0", "money"): "fewer than 5",
        ("BS5 6", "food"): "9",
        ("BS5 6", "money"): "fewer than 5",
    }
    assert {row: shown.says for row, shown in table.rows.items()} == {
        "BS5 0": "fewer than 5",
        "BS5 6": "at least 9",
    }
    assert (table.columns["food"].says, table.columns["money"].says) == ("9", "fewer than 5")
    assert table.total.says == "at least 9"
    assert published({}).total.says == "0"
