"""A mark says that two questions came from one place today, and nothing else."""

from datetime import timedelta

from gateway.marks import Marks
from tests.gateway.door import Door


async def test_the_directory_hears_the_front_doors_mark_and_no_address(either: Door) -> None:
    heard = [
        (await either.http.get("/directory/open/a", headers={"x-hub-mark": f"mine {number}"})).json()[
            "headers"
        ]
        for number in range(2)
    ]
    marks = {one["x-hub-mark"] for one in heard}
    assert len(marks) == 1
    assert "mine" not in marks.pop()
    assert not any("127.0.0.1" in value for name, value in heard[0].items() if name != "host")


def test_a_mark_is_another_for_another_place_and_another_day() -> None:
    marks = Marks()
    first = marks.of("192.0.2.1")
    assert first == marks.of("192.0.2.1") != marks.of("192.0.2.2")
    assert first != Marks().of("192.0.2.1")
    salt, marks.day = marks.salt, marks.day - timedelta(days=1)
    assert marks.of("192.0.2.1") != first
    assert marks.salt != salt
