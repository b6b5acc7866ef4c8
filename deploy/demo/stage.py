"""Where the story plays: the partnership round a running hub, and what it has come to know."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from deploy.demo.partner import Partner
from deploy.demo.partnership import PARTNERSHIP, POLICE, Agency
from deploy.demo.teller import SEEN, UNSEEN, Teller

# What each column of "who sees what" looks for: a part of the case view, or a category of section.
REGISTER = {"family": "members", "address": "addresses", "concerns": "concerns", "sessions": "attendance"}
SECTIONS = {"health": "health_physical", "housing": "housing_tenancy", "wishes": "wishes_feelings"}


@dataclass
class Stage:
    """The running hub, its partners, and the ids the chapters hand on to each other."""

    http: httpx.AsyncClient
    partners: Mapping[str, Partner]
    teller: Teller
    ids: dict[str, str] = field(default_factory=dict[str, str])

    def __getitem__(self, agency: Agency) -> Partner:
        return self.partners[agency.id]

    async def case(self, agency: Agency) -> tuple[int, dict[str, Any], dict[str, Any]]:
        """The status of the register's part of the case, that part, and the assessment's part."""
        household, purpose = self.ids["household"], _purpose(agency)
        register = await self[agency].get(f"/referral/households/{household}/case", purpose=purpose)
        assessed = await self[agency].get(f"/assessment/households/{household}/case", purpose=purpose)
        return register.status_code, register.json(), assessed.json()

    async def who_sees_what(self, title: str) -> None:
        """Ask the hub as every agency in turn, and show what each was given."""
        rows = [await self._row(agency) for agency in PARTNERSHIP]
        self.teller.table(title, rows)

    async def _row(self, agency: Agency) -> dict[str, str]:
        status, register, assessed = await self.case(agency)
        row = {"agency": agency.name, "case": str(status)}
        row |= {name: _mark(register.get(part)) for name, part in REGISTER.items()}
        shown = {section["category"] for section in assessed.get("sections", [])}
        row |= {name: _mark(category in shown) for name, category in SECTIONS.items()}
        return row | {"plan": _mark(assessed.get("plans"))}


def _purpose(agency: Agency) -> str:
    """The police ask for safeguarding, everybody else for early help."""
    return "safeguarding" if agency is POLICE else "early_help"


def _mark(shown: object) -> str:
    return SEEN if shown else UNSEEN
