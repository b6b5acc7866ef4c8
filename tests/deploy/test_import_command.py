"""`hub import directory`: it says what it would do, what it did, and why not."""

import json
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from tests.deploy.conftest import Command, new_database
from tests.services.directory.feeds import a_service

KEEPER = "northshire-early-help"
LISTED = "select count(*) from directory.service where hidden_at is null"


@pytest.fixture(scope="module")
async def place(server: dict[str, Any], worker_id: str) -> str:
    """A hub's database with one member."""
    url = await new_database(server, f"import_{worker_id}", "template_hub")
    connection = await asyncpg.connect(url)
    await connection.execute(
        "insert into hub.agency (id, name, type) values ($1, 'Northshire', 'early_help_hub')", KEEPER
    )
    await connection.close()
    return url


async def listed(place: str) -> int:
    connection = await asyncpg.connect(place)
    found = await connection.fetchval(LISTED)
    await connection.close()
    return found


def offer(folder: Path, *services: Any) -> str:
    file = folder / "offer.json"
    file.write_text(json.dumps({"contents": services}))
    return str(file)


async def test_a_dry_run_says_what_would_change_and_changes_nothing(
    command: Command, place: str, tmp_path: Path
) -> None:
    file = offer(tmp_path, a_service("dry"), a_service("bad", name=""))
    said = await command("import", "directory", file, "--dry-run", HUB_DATABASE_URL=place)
    assert said.code == 0, said.err
    assert said.out.startswith("A dry run, nothing is kept. offer.json: 2 read: 1 new,")
    assert "added" in said.out
    assert "Example dry" in said.out
    assert "name: missing" in said.out
    assert await listed(place) == 0


async def test_it_brings_a_file_in_hides_little_and_asks_before_it_hides_much(
    command: Command, place: str, tmp_path: Path
) -> None:
    def bring(count: int, *words: str) -> Any:
        file = offer(tmp_path, *(a_service(f"cli {n}") for n in range(count)))
        publisher = ("--publisher", "Northshire Council")
        return command("import", "directory", file, *publisher, "--json", *words, HUB_DATABASE_URL=place)

    first = json.loads((await bring(12)).out)
    assert (first["publisher"], first["counts"]["added"], first["dry_run"]) == (
        "Northshire Council",
        12,
        False,
    )
    assert json.loads((await bring(10)).out)["counts"]["hidden"] == 2
    much = json.loads((await bring(2)).out)
    assert (much["state"], much["counts"]["to_hide"], await listed(place)) == ("waiting", 8, 10)
    agreed = json.loads((await bring(2, "--hide-gone")).out)
    assert (agreed["state"], agreed["counts"]["hidden"], await listed(place)) == ("approved", 8, 2)


async def test_two_councils_files_of_one_name_are_two_feeds(
    command: Command, place: str, tmp_path: Path
) -> None:
    async def bring(key: str, *words: str) -> Any:
        file = offer(tmp_path, a_service(f"council {key}"))
        said = await command("import", "directory", file, "--json", *words, HUB_DATABASE_URL=place)
        return json.loads(said.out)

    before = await listed(place)
    first = await bring("a", "--publisher", "Council A")
    second = await bring("b", "--publisher", "Council B")
    assert first["feed"] != second["feed"]
    assert (second["state"], await listed(place)) == ("done", before + 2)
    named = await bring("c", "--feed", "ours")
    assert (await bring("c", "--feed", "ours", "--publisher", "Council C"))["feed"] == named["feed"]
    other = await bring("d", "--feed", "ours")
    assert (other["state"], other["counts"]["hidden"], other["counts"]["to_hide"]) == ("waiting", 0, 1)


async def test_a_file_that_breaks_off_ends_with_2(command: Command, place: str, tmp_path: Path) -> None:
    file = tmp_path / "broken.json"
    file.write_text(json.dumps([a_service("cut")])[:-1] + ", {")
    said = await command("import", "directory", str(file), HUB_DATABASE_URL=place)
    assert said.code == 2
    assert "It was not read to its end, so nothing was hidden. After 1 records" in said.out


@pytest.mark.parametrize(
    ("source", "words", "why"),
    [
        ("/not/there.json", [], "There is no file /not/there.json"),
        ("http://127.0.0.1:9/feed", [], "127.0.0.1 is not on the public internet"),
        ("https://[::1]/offer.zip", [], "::1 is not on the public internet"),
        (__file__, [], "neither JSON nor a data package"),
        (__file__, ["--agency", "nobody"], "nobody is no member"),
    ],
)
async def test_it_says_why_not(command: Command, place: str, source: str, words: list[str], why: str) -> None:
    said = await command("import", "directory", source, *words, HUB_DATABASE_URL=place)
    assert said.code == 1
    assert why in said.err


async def test_it_says_that_it_needs_a_hub(command: Command) -> None:
    said = await command("import", "directory", __file__)
    assert said.code == 1
    assert "NowhereToImport: Give the folder of a hub with --data DIR" in said.err
