"""Reads concerns exported from a school's safeguarding system: CSV, or one JSON object a line.

`reading` the body, by its content type > `table` CSV | `objects` NDJSON > `line` one concern, or what
is wrong with it | `physical` bytes to lines. docs/formats/concerns.md is the same for people.

| column | | |
|---|---|---|
| external_id | needed | the concern's id in the school's system, at most 100 characters |
| upn | needed | Unique Pupil Number, permanent or temporary |
| occurred_at | needed | ISO 8601 date and time; without a zone it is the time in London |
| recorded_at | | when it was written down, likewise |
| category | needed | physical, emotional, neglect, sexual, low_level, attendance, behaviour, |
| | | welfare, online or other |
| narrative | needed | what was seen and heard, at most 20,000 characters |
| words_of_the_child | | in the child's own words, at most 20,000 characters |
| immediate_action | | what was done at once, at most 20,000 characters |
| reporter_role | | who noticed, by role, at most 200 characters |
| rag | | the school's own colour: red, amber or green |
"""

from services.referral.formats.concern_export.line import BadLine, ConcernLine
from services.referral.formats.concern_export.reading import ConcernFormatNotKnown, read
from services.referral.formats.concern_export.table import ConcernExportNotValid

__all__ = ["BadLine", "ConcernExportNotValid", "ConcernFormatNotKnown", "ConcernLine", "read"]
