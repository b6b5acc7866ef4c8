"""What can be asked. One schema per process: every query is parsed, checked and limited the same way."""

from collections.abc import Iterable, Mapping
from typing import Annotated, cast

import strawberry
import structlog
from graphql import GraphQLError, GraphQLObjectType
from strawberry.extensions import (
    MaskErrors,
    MaxAliasesLimiter,
    MaxTokensLimiter,
    ParserCache,
    QueryDepthLimiter,
    ValidationCache,
)
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types import ExecutionContext, Info
from strawberry.types.nodes import SelectedField, Selection

from gateway.graphql import cases, offers
from gateway.graphql.asking import Asking
from gateway.graphql.directory import FirstContact, Matches, MatchQuestion, Service
from gateway.graphql.shape import shown

DEEPEST = 8
MOST_ALIASES = 15
MOST_TOKENS = 2_000

BROKE = "Something broke on our side."

log = structlog.get_logger("hub.graphql")


@strawberry.type(description="What a caller may ask.")
class Query:
    """The roots."""

    @strawberry.field(description="One household's case, as far as the caller's agency may see it.")
    async def case(
        self,
        info: Info[Asking, None],
        id: Annotated[strawberry.ID, strawberry.argument(description="the household")],  # noqa: A002
    ) -> cases.Case | None:
        """The case, or null: there is none, or none for this caller."""
        return cast("cases.Case | None", await cases.find(info.context, _selected(info), id))

    @strawberry.field(description="Local services, the nearest first where a postcode is given.")
    async def services(
        self,
        info: Info[Asking, None],
        near: Annotated[str | None, strawberry.argument(description="a postcode")] = None,
        within_metres: Annotated[int | None, strawberry.argument(description="of the postcode")] = None,
        search: Annotated[str | None, strawberry.argument(description="words")] = None,
        first: Annotated[int, strawberry.argument(description="how many, at most 100")] = 20,
    ) -> list[Service] | None:
        """Services that match, or the error that says why the directory did not answer."""
        found = await offers.search(info.context, _selected(info), near, within_metres, search, first)
        return cast("list[Service]", found)

    @strawberry.field(description="Services that fit a plan's needs, or a question by itself, and why.")
    async def matches(
        self,
        info: Info[Asking, None],
        plan: Annotated[strawberry.ID | None, strawberry.argument(description="of a family")] = None,
        question: Annotated[
            MatchQuestion | None, strawberry.argument(description="by itself, or beside what the plan says")
        ] = None,
    ) -> Matches | None:
        """Matches, or null: there is no such plan, or none for this caller."""
        said = strawberry.asdict(question) if question else None
        return cast("Matches | None", await offers.matches(info.context, plan, said))

    @strawberry.field(description="Family hubs and first points of contact, the nearest first.")
    async def first_contacts(
        self,
        info: Info[Asking, None],
        postcode: Annotated[str | None, strawberry.argument(description="where somebody lives")] = None,
        area: Annotated[str | None, strawberry.argument(description="or a local authority's code")] = None,
    ) -> list[FirstContact] | None:
        """First contacts, or the error that says why the directory did not answer."""
        return cast("list[FirstContact]", await offers.first_contacts(info.context, postcode, area))


def _selected(info: Info[Asking, None]) -> frozenset[str]:
    """The names of the fields selected right below a root."""
    return frozenset(name for root in info.selected_fields for name in _names(root.selections))


def _names(selections: Iterable[Selection]) -> Iterable[str]:
    for selection in selections:
        if isinstance(selection, SelectedField):
            yield selection.name
        else:
            yield from _names(selection.selections)


class QuietSchema(strawberry.Schema):
    """A schema that logs that a query failed and where, never what it said: it may name people."""

    def process_errors(
        self,
        errors: list[GraphQLError],
        execution_context: ExecutionContext | None = None,  # noqa: ARG002  # Strawberry's signature
    ) -> None:
        """One line for each error that is not one we raised."""
        for error in errors:
            if _is_a_surprise(error):
                log.error("query failed", kind=type(error.original_error).__name__)


def _is_a_surprise(error: GraphQLError) -> bool:
    """Neither the document's own fault nor something we say on purpose."""
    return not (error.original_error is None or isinstance(error.original_error, GraphQLError))


SCHEMA = QuietSchema(
    query=Query,
    config=StrawberryConfig(default_resolver=shown, disable_field_suggestions=True),
    extensions=[
        lambda: QueryDepthLimiter(max_depth=DEEPEST),
        lambda: MaxAliasesLimiter(max_alias_count=MOST_ALIASES),
        lambda: MaxTokensLimiter(max_token_count=MOST_TOKENS),
        lambda: MaskErrors(_is_a_surprise, BROKE),
        ParserCache,
        ValidationCache,
    ],
)


def python_names() -> Mapping[tuple[str, str], str]:
    """What a field of a type is called in Python, and so in a service's rows."""
    return {
        (type_name, name): field.extensions[GraphQLCoreConverter.DEFINITION_BACKREF].python_name
        for type_name, kind in SCHEMA.schema_converter.type_map.items()
        if isinstance(kind.implementation, GraphQLObjectType)
        for name, field in kind.implementation.fields.items()
    }
