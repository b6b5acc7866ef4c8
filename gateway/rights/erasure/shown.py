"""What oversight sees of an erasure: who asked, what was decided about each record, and what was done."""

from gateway.rights.shown import DUE_ON, HISTORY
from hub.page import beyond, position
from hub.view import View

STATUS = """coalesce((select case e.event when 'gathered' then 'open' else e.event end
  from hub.erasure_event e where e.request = r.id order by e.at desc, e.id desc limit 1), 'open')"""

REQUEST = f"""
select r.subject, 'existence' as category, json_build_object('request', r.id, 'subject', r.subject,
  'covers', r.subjects, 'why', r.why, 'ground', r.ground, 'asked_by', r.asked_by, 'asker', r.asker,
  'capacity', r.capacity, 'received_on', r.received_on, 'due_on', {DUE_ON}, 'status', {STATUS},
  'recorded_by', r.practitioner, 'at', r.at,
  'history', {HISTORY.format(of="hub.erasure_event")}) as item{{more}}
from hub.erasure_request r where {{which}}"""

DECIDED = """left join lateral (
  select d.* from hub.erasure_item_decision d where d.item = i.id order by d.at desc, d.id desc limit 1
) d on true"""

ITEM = f"""
select r.subject, i.category, json_build_object('item', i.id, 'number', i.number, 'part', i.part,
  'kind', i.kind, 'record', i.record, 'subject', i.subject, 'category', i.category, 'author', i.author,
  'recorded_at', i.recorded_at, 'proposal', i.proposal, 'ground', i.ground, 'until', i.until, 'why', i.why,
  'decision', case when d.id is not null then json_build_object('decision', d.decision, 'ground', d.ground,
    'until', d.until, 'reason', d.reason, 'by', d.practitioner, 'at', d.at) end,
  'erased_at', (select t.at from hub.tombstone t
    where t.part = i.part and t.kind = i.kind and t.record = i.record and t.request = r.id)) as item
from hub.erasure_item i join hub.erasure_request r on r.id = i.request {DECIDED}
where {{which}} order by i.number"""

WHOLE = View(
    {
        "request": REQUEST.format(more="", which="r.id = :request"),
        "items": ITEM.format(which="i.request = :request"),
    },
    anchor="request",
    single=frozenset({"request"}),
)

ONE = View(
    {"request": REQUEST.format(more="", which="r.id = :request")},
    anchor="request",
    single=frozenset({"request"}),
)

PAGE = View(
    {
        "requests": REQUEST.format(
            more=", " + position("r.at", "r.id"),
            which=f"(cast(:open as boolean) is null"
            f" or :open = ({STATUS} in ('open', 'needs_decision', 'approved'))) and {beyond('r.at', 'r.id')}",
        )
        + " order by r.at desc, r.id desc limit cast(:limit as int)"
    },
    paged="requests",
)

ONE_ITEM = View(
    {"item": ITEM.format(which="i.id = :item and i.request = :request")},
    anchor="item",
    single=frozenset({"item"}),
)

LETTER = View(
    {
        "request": """
select r.subject, 'existence' as category, json_build_object('request', r.id, 'asked_by', r.asked_by,
  'capacity', r.capacity, 'received_on', r.received_on, 'why', r.why, 'done_at', e.at,
  'refused', e.event = 'refused', 'reason', e.reason) as item
from hub.erasure_request r join hub.erasure_event e on e.request = r.id and e.event in ('done', 'refused')
where r.id = :request""",
        "erased": f"""
select cast(null as uuid) as subject, i.category, json_build_object('category', i.category, 'kind', i.kind,
  'records', count(*)) as item
from hub.erasure_item i {DECIDED}
where i.request = :request and d.decision = 'erase'
group by i.category, i.kind order by i.category, i.kind""",
        "kept": f"""
select cast(null as uuid) as subject, i.category, json_build_object('category', i.category, 'kind', i.kind,
  'records', count(*), 'until', d.until, 'ground', d.ground, 'reason', d.reason) as item
from hub.erasure_item i {DECIDED}
where i.request = :request and d.decision = 'keep'
group by i.category, i.kind, d.until, d.ground, d.reason order by d.until, i.category, i.kind""",
        "told": """
select cast(null as uuid) as subject, 'existence' as category, json_build_object('agency', t.recipient,
  'name', a.name, 'categories', array_agg(distinct c order by c)) as item
from hub.erasure_recipient t cross join unnest(t.categories) c join hub.agency a on a.id = t.recipient
where t.request = :request and not t.held_back group by t.recipient, a.name order by a.name""",
    },
    anchor="request",
    single=frozenset({"request"}),
)

RECEIVED = View(
    {
        "erasures": f"""
select t.subject, 'existence' as category, json_build_object('type', 'record.erased', 'request', t.request,
  'subject', t.subject, 'categories', t.categories, 'at', t.at) as item, {position("t.at", "t.request")}
from hub.erasure_recipient t where t.recipient = :agency and {beyond("t.at", "t.request")}
order by t.at desc, t.request desc limit cast(:limit as int)"""
    },
    paged="erasures",
)
