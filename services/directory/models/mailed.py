"""Indexes that know the few rows that name a mailbox: a colleague's is taken out of all of them at once."""

from sqlalchemy import Index
from sqlmodel import SQLModel, text

from services.directory.models.location import Accessibility, Address, Location
from services.directory.models.organization import Organization
from services.directory.models.service import Service
from services.directory.models.service_detail import (
    Capacity,
    Contact,
    CostOption,
    Funding,
    Phone,
    Schedule,
    ServiceArea,
)
from services.directory.models.taxonomy import TaxonomyTerm

NAMING = (
    *(Service, Organization, Location, Address, Accessibility, Schedule, ServiceArea, CostOption, Funding),
    *(Contact, Phone, Capacity, TaxonomyTerm),
)


def _table(model: type[SQLModel]) -> str:
    return f"{model.__tablename__}"


# Each for rows with an @ in any of its texts: which those are, the migration that masks them says (0004b).
mailed = tuple(
    Index(f"{_table(model)}_mailed", SQLModel.metadata.tables[f"directory.{_table(model)}"].c.id)
    for model in NAMING
)
mailboxes = tuple(
    Index(
        f"{_table(model)}_mailbox",
        text("lower(email)"),
        _table=SQLModel.metadata.tables[f"directory.{_table(model)}"],
    )
    for model in (Service, Organization)
)
