"""Plans, their moves, goals, actions and offers: what is shown of them."""

from hub.sharing.processing import those_named_openly
from hub.view import View

PLAN = (
    """
select p.subject, p.category, p.agency as author, json_build_object(
  'plan', p.id, 'household', p.subject, 'assessment', p.assessment, 'tier', p.tier,
  'starts', p.starts, 'target_end', p.target_end, 'lead_practitioner', p.lead_practitioner,
  'children', """
    + those_named_openly("p.children")
    + """, 'adults', """
    + those_named_openly("p.adults")
    + """, 'by', p.agency, 'at', p.at,
  'status', (select m.status from assessment.plan_move m where m.plan = p.id
             order by m.number desc limit 1)) as item
from assessment.plan p where {which} order by p.at, p.id"""
)

MOVE = """
select m.subject, m.category, m.agency as author, json_build_object(
  'plan', m.plan, 'number', m.number, 'status', m.status, 'note', m.note,
  'by', m.agency, 'at', m.at) as item
from assessment.plan_move m where {which} order by m.number"""

GOAL = """
select g.subject, g.category, g.agency as author, json_build_object(
  'goal', g.id, 'plan', g.plan, 'subject', g.subject, 'area', g.area, 'text', g.text,
  'baseline', g.baseline, 'target', g.target, 'by', g.agency, 'at', g.at) as item
from assessment.goal g where {which} order by g.at, g.id"""

ACTION = """
select t.subject, t.category, t.agency as author, json_build_object(
  'action', t.id, 'plan', t.plan, 'goal', t.goal, 'subject', t.subject, 'text', t.text,
  'owner', t.owner, 'due', t.due, 'by', t.agency, 'at', t.at,
  'status', (select m.status from assessment.action_move m where m.action = t.id
             order by m.number desc limit 1)) as item
from assessment.action t where {which} order by t.due, t.id"""

OFFER = """
select o.subject, o.category, o.agency as author, json_build_object(
  'offer', o.id, 'plan', o.plan, 'subject', o.subject, 'service', o.service, 'name', o.name,
  'source', o.source, 'why', o.why, 'by', o.agency, 'at', o.at) as item
from assessment.offer o where {which} order by o.at, o.id"""

ONE = View({"plan": PLAN.format(which="p.id = :plan")}, anchor="plan", single=frozenset({"plan"}))

WHOLE = View(
    {
        "plan": PLAN.format(which="p.id = :plan"),
        "moves": MOVE.format(which="m.plan = :plan"),
        "goals": GOAL.format(which="g.plan = :plan"),
        "actions": ACTION.format(which="t.plan = :plan"),
        "offers": OFFER.format(which="o.plan = :plan"),
    },
    anchor="plan",
    single=frozenset({"plan"}),
)

ONE_GOAL = View({"goal": GOAL.format(which="g.id = :goal")}, anchor="goal", single=frozenset({"goal"}))

ONE_ACTION = View(
    {"action": ACTION.format(which="t.id = :action")}, anchor="action", single=frozenset({"action"})
)

ONE_OFFER = View({"offer": OFFER.format(which="o.id = :offer")}, anchor="offer", single=frozenset({"offer"}))
