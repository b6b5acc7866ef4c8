"""The mapping file: the DfE draft's data types, purposes and types of organisation, and ours."""

import json
from collections.abc import Mapping, Sequence
from importlib.resources import files

from hub.caller import Purpose
from hub.sharing import Category

_WORDS = json.loads((files("gateway.agreements") / "data_types.json").read_text("utf-8"))

# In the order an export tries them: what the draft itself knows goes before our own finer types.
DATA_TYPES: Mapping[str, frozenset[Category]] = {
    name: frozenset(map(Category, categories))
    for name, categories in (_WORDS["standard"] | _WORDS["ours"]).items()
}
PURPOSES: Mapping[str, Purpose] = {name: Purpose(ours) for name, ours in _WORDS["purposes"].items()}
ORGANISATION_TYPES: Mapping[str, Sequence[str]] = _WORDS["organisation_types"]
IN_A_TYPE = frozenset(ours for kinds in ORGANISATION_TYPES.values() for ours in kinds)

_NAMES = {purpose: name for name, purpose in PURPOSES.items()}


def data_types(categories: frozenset[Category]) -> list[str]:
    """The fewest data types that say exactly these categories, EXISTENCE apart: none says more."""
    left, named = categories - {Category.EXISTENCE}, list[str]()
    for name, said in sorted(DATA_TYPES.items(), key=lambda pair: -len(pair[1])):
        if said <= left:
            named.append(name)
            left = left - said
    return sorted(named)


def purpose_name(purpose: Purpose) -> str:
    """The draft's name of a purpose."""
    return _NAMES[purpose]
