"""Every refusal has a page that says what it means and what to do."""

import importlib
import pkgutil
from pathlib import Path

import gateway
import hub
import services
from hub.problem import Problem

PAGES = Path(__file__).parent.parent.parent / "docs" / "problems"


def _every(kind: type[Problem]) -> set[type[Problem]]:
    return {each for child in kind.__subclasses__() for each in {child, *_every(child)}}


def _load_everything() -> None:
    for package in (hub, services, gateway):
        for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            if ".migrations" not in module.name:
                importlib.import_module(module.name)


def test_every_problem_has_a_page_and_every_page_a_problem() -> None:
    _load_everything()
    ours = {p for p in _every(Problem) if p.__module__.split(".")[0] in ("hub", "services", "gateway")}
    pages = {page.stem for page in PAGES.glob("*.md")}
    slugs = {problem.slug() for problem in ours}
    assert (sorted(slugs - pages), sorted(pages - slugs)) == ([], [])
