"""Meetings and minutes: what is shown of them."""

from hub.view import View

MEETING = """
select m.subject, m.category, m.agency as author, json_build_object(
  'meeting', m.id, 'household', m.subject, 'starts_at', m.starts_at, 'venue', m.venue,
  'private_room', m.private_room, 'agencies', m.agencies, 'by', m.agency, 'at', m.at) as item
from assessment.meeting m where {which} order by m.starts_at, m.id"""

MINUTE = """
select n.subject, n.category, n.agency as author, json_build_object(
  'minute', n.id, 'meeting', n.meeting, 'text', n.text, 'decision', n.decision,
  'by', n.agency, 'at', n.at) as item
from assessment.minute n where {which} order by n.at, n.id"""

ONE = View(
    {"meeting": MEETING.format(which="m.id = :meeting")},
    anchor="meeting",
    single=frozenset({"meeting"}),
)

WHOLE = View(
    {
        "meeting": MEETING.format(which="m.id = :meeting"),
        "minutes": MINUTE.format(which="n.meeting = :meeting"),
    },
    anchor="meeting",
    single=frozenset({"meeting"}),
)

ONE_MINUTE = View(
    {"minute": MINUTE.format(which="n.id = :minute")},
    anchor="minute",
    single=frozenset({"minute"}),
)
