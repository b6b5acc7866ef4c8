"""The words services are sorted by (Open Referral UK 3.0)."""

from uuid import UUID

from pydantic import Field

from services.directory.schemas.documented import Omitting


class TaxonomyTermShown(Omitting):
    """A word that services are sorted by."""

    id: UUID
    name: str
    description: str
    parent_id: UUID | None = Field(None, description="the wider term")
    taxonomy: str | None = Field(None, description="the name of the list it is of, as its source writes it")
    taxonomy_id: UUID | None = None
    term_uri: str | None = None
    term: str | None = Field(None, description="what its own list calls it")


class TaxonomyShown(Omitting):
    """A list of words; with them only where it is shown by itself."""

    id: UUID
    name: str
    description: str
    uri: str | None = None
    version: str | None = None
    taxonomy_terms: list[TaxonomyTermShown] | None = None


class AttributeShown(Omitting):
    """That a service is sorted under a word."""

    id: UUID
    link_id: UUID = Field(description="the service")
    link_type: str | None = None
    taxonomy_term_id: UUID
    taxonomy_term: TaxonomyTermShown
