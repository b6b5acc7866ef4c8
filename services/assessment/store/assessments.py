"""Assessments, their moves and sections: what is shown of them."""

from hub.sharing.processing import those_named_openly
from hub.view import View

ASSESSMENT = (
    """
select a.subject, a.category, a.agency as author, json_build_object(
  'assessment', a.id, 'household', a.subject, 'framework', a.framework,
  'framework_version', a.framework_version, 'lead_practitioner', a.lead_practitioner,
  'children', """
    + those_named_openly("a.children")
    + """, 'adults', """
    + those_named_openly("a.adults")
    + """, 'started', a.started, 'by', a.agency, 'at', a.at,
  'status', (select m.status from assessment.assessment_move m where m.assessment = a.id
             order by m.number desc limit 1)) as item
from assessment.assessment a where {which} order by a.at, a.id"""
)

MOVE = """
select m.subject, m.category, m.agency as author, json_build_object(
  'assessment', m.assessment, 'number', m.number, 'status', m.status, 'decision', m.decision,
  'note', m.note, 'by', m.agency, 'at', m.at) as item
from assessment.assessment_move m where {which} order by m.number"""

SECTION = """
select s.subject, s.category, s.agency as author, json_build_object(
  'section', s.id, 'assessment', s.assessment, 'household', s.household, 'subject', s.subject,
  'category', s.category, 'dimension', s.dimension, 'strengths', s.strengths,
  'worries', s.worries, 'words_of_the_child', s.words_of_the_child,
  'by', s.agency, 'at', s.at) as item
from assessment.section s where {which} order by s.at, s.id"""

ONE = View(
    {"assessment": ASSESSMENT.format(which="a.id = :assessment")},
    anchor="assessment",
    single=frozenset({"assessment"}),
)

WHOLE = View(
    {
        "assessment": ASSESSMENT.format(which="a.id = :assessment"),
        "moves": MOVE.format(which="m.assessment = :assessment"),
        "sections": SECTION.format(which="s.assessment = :assessment"),
    },
    anchor="assessment",
    single=frozenset({"assessment"}),
)

ONE_SECTION = View(
    {"section": SECTION.format(which="s.id = :section")},
    anchor="section",
    single=frozenset({"section"}),
)
