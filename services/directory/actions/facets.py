"""Count what a question finds, by what it could be narrowed with."""

from hub.database import Tx
from services.directory.actions import find
from services.directory.rules.facets import Count, places_of
from services.directory.schemas import PlaceQuestion
from services.directory.schemas.found import Facet, Facets
from services.directory.store import facets
from services.directory.store.search import Wanted


async def count(tx: Tx, question: PlaceQuestion) -> Facets:
    """The counts; of what was meant, if what was asked finds nothing."""

    async def ask(meant: Wanted) -> tuple[Facets, int]:
        counted = _grouped(await facets.counts(tx, meant))
        counted.relaxed = True if meant.relaxed else None
        return counted, counted.total_items

    return await find.with_forgiveness(tx, await find.wanted(question), ask)


def _grouped(rows: facets.Counts) -> Facets:
    """Two names of one term of ours are one line: the larger count, for a service may be under both."""
    answer = Facets(total_items=0, facets={})
    for row in rows:
        one = Count(row["kind"], row["value"], row["name"], row["services"])
        if one.kind == "total":
            answer.total_items = one.services
        for place in places_of(one):
            group = answer.facets.setdefault(place.parameter, [])
            if all(facet.value != place.value for facet in group):
                group.append(Facet(value=place.value, name=place.name, count=one.services))
    return answer
