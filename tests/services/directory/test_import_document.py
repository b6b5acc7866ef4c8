"""Import a parsed document: the standard's own examples and the validator's mocks, good and bad."""

from typing import Any

import asyncpg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.database import Tx
from services.directory.formats import NotAFeed, read_page
from services.directory.jobs.bring import bring_documents
from services.directory.jobs.turns import within
from services.directory.schemas import FeedReport
from tests.services.directory import judge
from tests.services.directory.conftest import Directory, caller
from tests.services.directory.feeds import a_service, an_id

WITH_SERVICES = [
    file
    for file in judge.files("examples", "mocks/Default", "mocks/Warn", "mocks/Fail", "mocks/Test")
    if "service" in file or "organization_full" in file or "organization.json" in file
]
PLANTED = "mocks/Fail/service_list.json"  # four services without a name, two of them the same


async def import_document(tx: Tx, url: str, publisher: str, parsed: Any) -> FeedReport:
    return await bring_documents(within(tx), url, publisher, read_page(parsed).services)


async def take(directory: Directory, file: str) -> FeedReport:
    async with directory.transaction(caller()) as tx:
        report = await import_document(tx, f"file:{file}", "A council", judge.read(file))
        await tx.commit()
        return report


async def valid(directory: Directory) -> int:
    """Everything the directory shows is valid; how many services that is."""
    shown = 0
    for path, (schema, paged) in judge.paths().items():
        if paged:
            page = await directory.get(path, per_page=500)
            assert judge.faults(schema, page) == []
            for item in page["contents"]:
                whole = await directory.get(f"{path}/{item['id']}")
                assert judge.faults(path.strip("/").replace("taxonomies", "taxonomys")[:-1], whole) == []
                shown += path == "/services"
    return shown


@pytest.mark.parametrize("file", WITH_SERVICES)
async def test_an_example_or_a_mock_goes_in(directory: Directory, file: str) -> None:
    report = await take(directory, file)
    if file == PLANTED:
        assert (report.counts.failed, report.counts.repeated, report.counts.added) == (3, 1, 0)
    else:
        assert report.counts.failed == 0
        assert report.counts.added > 0
    again = await take(directory, file)
    assert (again.counts.added, again.counts.changed) == (0, 0)


async def test_all_of_it_comes_out_valid(directory: Directory) -> None:
    for file in WITH_SERVICES:
        await take(directory, file)
    assert await valid(directory) >= len(WITH_SERVICES) - 1


async def test_what_the_mock_says_is_what_is_shown(directory: Directory) -> None:
    file = "examples/service_full.json"
    said: dict[str, Any] = judge.read(file)
    report = await take(directory, file)
    listed = (await directory.get("/services", search="Community Counselling", per_page=500))["contents"]
    whole = [await directory.get(f"/services/{service['id']}") for service in listed]
    [shown] = [service for service in whole if service["id"] == said["id"]]
    assert report.counts.failed == 0
    left_out = {"assurer_email", "last_modified"}  # never published; ours is when it changed here
    for name in said.keys() - left_out:
        if not isinstance(said[name], (list, dict)):
            assert shown[name] == (said[name].strip() if isinstance(said[name], str) else said[name])
    assert shown["schedules"] == said["schedules"]
    costs = [{k: v for k, v in cost.items() if k != "currency"} for cost in shown["cost_options"]]
    assert costs == said["cost_options"]
    assert shown["service_areas"] == said["service_areas"]
    assert shown["contacts"] == said["contacts"]
    assert shown["organization"]["name"] == said["organization"]["name"]


@pytest.mark.parametrize("file", ["mocks/Default/api_details.json", "schema/service.json"])
async def test_what_holds_no_services_is_refused(directory: Directory, file: str) -> None:
    with pytest.raises(NotAFeed):
        await take(directory, file)


FIELDS = sorted({*judge.read("schema/service.json")["properties"], "phones", "visibility"})
NESTED = ("id", "location", "addresses", "taxonomy_term", "phones", "amount", "opens_at", "byday", "freq")
NAMES = st.sampled_from([*FIELDS, *NESTED])
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12)
SAID = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=30)
@given(said=st.lists(st.dictionaries(st.sampled_from(FIELDS), SAID, max_size=8), min_size=1, max_size=8))
async def test_whatever_goes_in_what_comes_out_is_valid(
    directory: Directory, said: list[dict[str, Any]]
) -> None:
    documents = [{"name": "Odd", "status": "active", "id": f"{n}", **d} for n, d in enumerate(said)]
    async with directory.transaction(caller()) as tx:
        report = await import_document(tx, "file:odd", "A council", documents)
        await tx.commit()
    assert "the database would not take it" not in str(report.failures)
    shown = (await directory.get("/services", full="true", per_page=1000))["contents"]
    assert [fault for service in shown for fault in judge.faults("service", service)] == []


async def test_what_the_database_will_not_take_is_found_and_the_rest_kept(directory: Directory) -> None:
    connection = await asyncpg.connect(directory.administrator)
    await connection.execute("alter table directory.service add check (name not like 'Refused%')")
    documents = [
        a_service(f"kept {n}", name=f"{'Refused' if n in {3, 17} else 'Kept'} {n}") for n in range(30)
    ]
    async with directory.transaction(caller()) as tx:
        report = await import_document(tx, "file:refused", "A council", documents)
    await connection.close()
    assert (report.counts.added, report.counts.failed) == (28, 2)
    assert {failure.record for failure in report.failures} == {an_id("kept 3"), an_id("kept 17")}
