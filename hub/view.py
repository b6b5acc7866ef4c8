"""What we show: named selects whose rows become JSON in PostgreSQL, disclosed in the same statement.

Every part selects `subject, category, item` under row security, and `author` where somebody wrote what it
shows. What was disclosed is read off the very rows that were shown, so an answer and its trace cannot differ,
and an endpoint cannot forget the trace.
"""

import re
from collections.abc import Mapping
from functools import cached_property

SHOWN = (
    "select subject, array_agg(distinct category order by category) as categories,"
    " array_remove(array_agg(distinct category || ' ' || author), null) as records,"
    " count(*) as row_count from shown group by subject"
)
LOGGED = f"insert into hub.disclosure (subject, categories, records, row_count) {SHOWN}"
SEVERAL = re.compile(r"\bas subjects, '\w+' as category,")
AUTHORED = re.compile(r"\bauthor,\s+json_build_object")

# What `hub.seals` has to know of the moment that was shown: which seals there are, and which of them an
# override opens to the very person who is asking.
SEALS = """(select version from hub.seal_version) as version, now() as now, array(
  select s.seal from hub.override_grant o join hub.seal s on s.subjects @> array[o.subject]
  where o.agency = current_setting('hub.agency')
    and o.practitioner = nullif(current_setting('hub.practitioner'), '')
    and o.purpose = current_setting('hub.purpose') and o.over_restriction
    and o.category = 'home_address' and o.starts <= now() and now() < o.ends) as opened"""


class View:
    """A JSON object with one array per part.

    `parts` maps a name to SQL selecting `subject uuid, category text, item json`, in display order, and
    before the item `author text`, the agency that wrote it, unless it is of the hub's own keeping. What is
    about several people selects `subjects uuid[]` instead: it is disclosed about each.
    `anchor` names the part without which there is nothing to see (404); None allows an empty answer.
    `single` names parts that are one object (or null) rather than an array.
    `paged` names the part that is a page: it also selects `position` (hub.page), and takes `:limit`.
    """

    def __init__(
        self,
        parts: Mapping[str, str],
        *,
        anchor: str | None = None,
        single: frozenset[str] = frozenset(),
        paged: str | None = None,
    ) -> None:
        self.parts = parts
        self._anchor = anchor
        self._single = single
        self._paged = paged

    @cached_property
    def statement(self) -> str:
        """The one statement, built once: parts, what was shown, the disclosure, the body, the seals."""
        return self.sql(LOGGED)

    @cached_property
    def told(self) -> str:
        """The same, and `shows`: what was disclosed as JSON, for an answer that may have to be repeated."""
        return self.sql(LOGGED, f", (select coalesce(json_agg(s), '[]')::text from ({SHOWN}) s) as shows")

    def sql(self, logged: str, more: str = "") -> str:
        """The statement's text, with the given INSERT writing the trace (`hub bench` prices it without)."""
        parts = ", ".join(f"{name} as materialized ({select})" for name, select in self.parts.items())
        shown = " union all ".join(
            f"select {_subject(select)}, category, {_author(select)} from {name}"
            for name, select in self.parts.items()
        )
        body = ", ".join(f"'{name}', {self._body(name)}" for name in self.parts)
        if self._paged:
            body += f", 'next', (select position from {self._paged} offset cast(:limit as int) - 1)"
        found = f"exists (select from {self._anchor})" if self._anchor else "true"
        return (
            f"with {parts}, shown as ({shown}), logged as ({logged}) "
            f"select json_build_object({body})::text as body, {found} as found, {SEALS}{more}"
        )

    def _body(self, name: str) -> str:
        if name in self._single:
            return f"(select item from {name} limit 1)"
        return f"(select coalesce(json_agg(item), '[]'::json) from {name})"


def _subject(select: str) -> str:
    return "unnest(subjects) as subject" if SEVERAL.search(select) else "subject"


def _author(select: str) -> str:
    return "author" if AUTHORED.search(select) else "null::text as author"
