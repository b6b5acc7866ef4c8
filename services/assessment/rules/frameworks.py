"""The frameworks there are, as versioned data, and the sharing category of a section in one of them."""

from pathlib import Path

from hub.problem import Problem
from hub.sharing import Category
from services.assessment.schemas.frameworks import Framework

FOLDER = Path(__file__).parent.parent / "frameworks"


class FrameworkUnknown(Problem):
    """There is no such assessment framework, or not in that version."""

    status = 422


class DimensionUnknown(Problem):
    """This assessment's framework has no such dimension."""

    status = 422


def _age(framework: Framework) -> tuple[str, int]:
    return framework.code, int(framework.version)


FRAMEWORKS: tuple[Framework, ...] = tuple(
    sorted((Framework.model_validate_json(f.read_bytes()) for f in FOLDER.glob("*.json")), key=_age)
)
NEWEST = {framework.code: framework for framework in FRAMEWORKS}
EXACT = {(framework.code, framework.version): framework for framework in FRAMEWORKS}


def find(code: str, version: str | None = None) -> Framework:
    """A framework in that version, or its newest. FrameworkUnknown if there is none."""
    found = EXACT.get((code, version)) if version else NEWEST.get(code)
    if found is None:
        raise FrameworkUnknown(errors=[{"pointer": "/framework", "detail": "is not in /frameworks"}])
    return found


def category_of(framework: Framework, dimension: str | None, category: Category | None) -> Category | None:
    """The category given, or the dimension's own. DimensionUnknown for one of another framework."""
    if dimension is None:
        return category
    found = framework.dimension(dimension)
    if found is None:
        raise DimensionUnknown(errors=[{"pointer": "/dimension", "detail": f"is not in {framework.code}"}])
    return category or found.category
