"""Places for a map: those that people go to and that anybody may know of, whoever asks."""

from collections.abc import Sequence

from hub.database import Tx
from hub.line import Row
from services.directory.store import listings, pages, search
from services.directory.store.search import Wanted

# A map is shown to a room, printed and passed on: what is for partners alone is not on it.
POINTS = """
with found as materialized ({found})
select al.id, s.id as service_id, s.name as service, o.name as organization, l.name as location,
  round(n.metres)::int as metres, l.latitude, l.longitude, l.easting, l.northing
from found n {tables}
where l.visibility = 'public' and s.visibility = 'public' and al.visibility = 'public'
  and l.location_type = 'physical' and l.easting is not null
order by {order} limit cast(:limit as bigint) offset cast(:skip as bigint)
"""


async def points(tx: Tx, wanted: Wanted) -> Sequence[Row]:
    """The points of a page, and one more if there is a next page."""
    question = wanted.question
    await pages.forgive(tx, forgiving=wanted.alike)
    sql = POINTS.format(found=search.places(wanted), tables=listings.PLACES, order=search.order(wanted))
    skip = (question.page - 1) * question.per_page
    return await tx.rows(sql, limit=question.per_page + 1, skip=skip, **search.values(wanted))
