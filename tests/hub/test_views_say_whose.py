"""Whatever a service shows of people says who wrote it, so that the log can say whose records were seen."""

import importlib
import pkgutil
from collections.abc import Iterator

import pytest

import services.assessment.store
import services.referral.store
from hub.view import AUTHORED, View

# Counts about nobody; and for oversight, who belongs to whom.
OF_NOBODY = {"insight.RETURNED.returned", "oversight.BELONGING.memberships", "oversight.BELONGING.born"}


def _parts() -> Iterator[tuple[str, str]]:
    for store in (services.referral.store, services.assessment.store):
        for module in pkgutil.walk_packages(store.__path__, store.__name__ + "."):
            for name, view in vars(importlib.import_module(module.name)).items():
                if isinstance(view, View):
                    for part, select in view.parts.items():
                        yield f"{module.name.rpartition('.')[2]}.{name}.{part}", select


@pytest.mark.parametrize(("part", "select"), list(_parts()))
def test_every_part_names_its_author(part: str, select: str) -> None:
    assert bool(AUTHORED.search(select)) is (part not in OF_NOBODY), part
