"""Assessment frameworks: data without people."""

import pytest

from deploy.demo.partnership import EARLY_HELP
from services.assessment.rules.frameworks import FRAMEWORKS
from services.assessment.schemas.assessments import ELSEWHERE
from services.assessment.schemas.frameworks import Framework
from tests.people import Room

SIZES = {"assessment_triangle": [7, 6, 7], "unocini": [4, 4, 4], "girfec_shanarri": [8]}


async def test_they_are_listed(room: Room) -> None:
    listed = (await room[EARLY_HELP].get("/assessment/frameworks")).json()["frameworks"]
    assert {framework["code"]: framework["nation"] for framework in listed} == {
        "assessment_triangle": "england",
        "unocini": "northern_ireland",
        "girfec_shanarri": "scotland",
    }


@pytest.mark.parametrize("code", SIZES)
async def test_each_has_the_dimensions_its_nation_gave_it(room: Room, code: str) -> None:
    answer = await room[EARLY_HELP].get(f"/assessment/frameworks/{code}")
    framework = Framework.model_validate_json(answer.content)
    assert [len(domain.dimensions) for domain in framework.domains] == SIZES[code]


async def test_a_version_can_be_asked_for(room: Room) -> None:
    path = "/assessment/frameworks/unocini"
    newest, first = await room[EARLY_HELP].get(path), await room[EARLY_HELP].get(f"{path}?version=1")
    assert newest.content == first.content
    for nothing in (f"{path}?version=99", "/assessment/frameworks/horoscope"):
        assert (await room[EARLY_HELP].get(nothing)).status_code == 404


@pytest.mark.parametrize("framework", FRAMEWORKS, ids=lambda f: f.code)
def test_every_dimension_has_a_code_of_its_own_and_a_category_sections_can_have(
    framework: Framework,
) -> None:
    dimensions = [d for domain in framework.domains for d in domain.dimensions]
    assert len({d.code for d in dimensions}) == len(dimensions)
    assert not {d.category for d in dimensions} & ELSEWHERE
