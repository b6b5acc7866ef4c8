"""What oversight sees of a request, and what the person who asked receives."""

from gateway.rights.who_looked import SHOWN
from hub.page import ahead, position
from hub.view import View

STATUS = """(select case when at in ('gathered', 'released') and hub.protected_since(r.id)
  then 'needs_decision' when at = 'gathered' then 'open' else coalesce(at, 'open') end
  from hub.stands_at(r.id) at)"""

DUE_ON = "hub.due_on(r.id, r.received_on)"
# Everything that happened to a request, and to its time limit. `{of}` is the table of its other events.
HISTORY = """(select coalesce(json_agg(json_build_object('event', e.event, 'reason', e.reason,
    'by', e.practitioner, 'at', e.at, 'on', e.day, 'waits_for', e.waits_for, 'months', e.months)
    order by e.at, e.id), '[]')
  from (select s.id, s.event, s.reason, s.practitioner, s.at, null::date as day, null::text as waits_for,
      null::int as months from {of} s where s.request = r.id
    union all select t.id, t.event, t.reason, t.practitioner, t.at, t.day, t.waits_for, t.months
      from hub.time_limit_event t where t.request = r.id) e)"""
# What waits for whoever asked is due last.
DUE = f"coalesce({DUE_ON}, '2999-12-31')::timestamptz", "r.id"

REQUEST = f"""
select r.subject, 'existence' as category, json_build_object('request', r.id, 'subject', r.subject,
  'asked_by', r.asked_by, 'asker', r.asker, 'capacity', r.capacity, 'received_on', r.received_on,
  'due_on', {DUE_ON}, 'status', {STATUS}, 'recorded_by', r.practitioner, 'at', r.at,
  'history', {HISTORY.format(of="hub.rights_event")}) as item{{more}}
from hub.rights_request r where {{which}} order by {", ".join(DUE)}{{most}}"""

DECIDED = """left join lateral (
  select d.* from hub.rights_item_decision d where d.item = i.id order by d.at desc, d.id desc limit 1
) d on true"""

ITEM = f"""
select r.subject, i.category, json_build_object('item', i.id, 'number', i.number, 'part', i.part,
  'category', i.category, 'about', i.about, 'content', i.content,
  'redacted', coalesce(d.redacted, i.redacted),
  'proposal', i.proposal, 'exemption', i.exemption, 'why', i.why,
  'decision', case when d.id is not null then json_build_object('decision', d.decision,
    'exemption', d.exemption, 'reason', d.reason, 'by', d.practitioner, 'at', d.at) end) as item
from hub.rights_item i join hub.rights_request r on r.id = i.request {DECIDED}
where {{which}} order by i.number"""

WHOLE = View(
    {
        "request": REQUEST.format(which="r.id = :request", more="", most=""),
        "items": ITEM.format(which="i.request = :request and hub.counts(i)"),
    },
    anchor="request",
    single=frozenset({"request"}),
)

ONE = View(
    {"request": REQUEST.format(which="r.id = :request", more="", most="")},
    anchor="request",
    single=frozenset({"request"}),
)

LIST = View(
    {
        "requests": REQUEST.format(
            which=f"{STATUS} in ('open', 'needs_decision') and {ahead(*DUE)}",
            more=", " + position(*DUE),
            most=" limit cast(:limit as int)",
        )
    },
    paged="requests",
)

ONE_ITEM = View(
    {"item": ITEM.format(which="i.id = :item and i.request = :request")},
    anchor="item",
    single=frozenset({"item"}),
)

# What was decided about the records of a category, for what else is said of that category.
BECAME = f"""(select {{what}} from hub.rights_item i {DECIDED}
  where i.request = r.id and hub.counts(i) and i.category = {{category}})"""
# Something of it was withheld, and nothing of it about them is shown: not even that there is such a thing.
HIDDEN = BECAME.format(
    category="c",
    what="""coalesce(bool_or(d.decision = 'withhold'), false)
    and not coalesce(bool_or(d.decision <> 'withhold' and i.about = r.subject), false)""",
)
# The words of a correction are the record's, and no person decides about them: they go only where every
# record of that category does, as it stands. One that is somebody else's is not what it corrects.
WHOLLY_SHOWN = BECAME.format(
    category="c.category",
    what="""coalesce(bool_or(d.decision = 'release' and i.about = r.subject) and bool_and(
    d.decision = 'release' or (d.exemption = 'third_party' and i.about <> r.subject)), false)""",
)
# Told because they looked, and one such look is not held back; or because the record is theirs.
NAMED = f"""not hub.is_held_back(c.subject, array[t.recipient], null) and (t.recipient = c.held_by or exists (
  select from hub.disclosure d where d.subject = c.subject and d.at <= c.at
    and c.category = any(d.categories) and {SHOWN}
    and t.recipient in (select split_part(seer, '+', 1) from unnest(d.audience) seer)))"""

# What is withheld is a number and a law: neither what it is, nor where it stood among the rest.
EXPORT = View(
    {
        "request": f"""
select r.subject, 'existence' as category, json_build_object('request', r.id, 'subject', r.subject,
  'asked_by', r.asked_by, 'capacity', r.capacity, 'received_on', r.received_on, 'due_on', {DUE_ON},
  'released_at', (select max(e.at) from hub.rights_event e where e.request = r.id and e.event = 'released'),
  'agencies', (select json_object_agg(a.id, a.name) from hub.agency a)) as item
from hub.rights_request r where r.id = :request""",
        "records": f"""
select r.subject, i.category, json_build_object(
  'number', row_number() over (order by i.number), 'part', i.part, 'category', i.category,
  'about', i.about,
  'content', case d.decision when 'release' then i.content else coalesce(d.redacted, i.redacted) end,
  'redacted', d.decision = 'redact', 'exemption', d.exemption) as item
from hub.rights_item i join hub.rights_request r on r.id = i.request {DECIDED}
where i.request = :request and hub.counts(i) and d.decision in ('release', 'redact') order by i.number""",
        "recipients": f"""
select r.subject, 'existence' as category, json_build_object('agency', a.id, 'name', a.name,
  'categories', array_agg(distinct c order by c), 'first', min(d.at), 'last', max(d.at)) as item
from hub.rights_request r join hub.disclosure d on d.subject = r.subject and {SHOWN}
cross join unnest(d.audience) seer join hub.agency a on a.id = split_part(seer, '+', 1)
cross join unnest(d.categories) c
where r.id = :request and a.type <> 'data_protection_officer' and not {HIDDEN}
group by r.subject, a.id, a.name order by a.name""",
        "corrections": f"""
select c.subject, c.category, json_build_object('category', c.category, 'disputed', c.disputed,
  'correction', c.correction, 'at', c.at, 'told', (select coalesce(json_agg(a.name order by a.name), '[]')
    from hub.correction_recipient t join hub.agency a on a.id = t.recipient
    where t.correction = c.id and {NAMED})) as item
from hub.rights_request r join hub.correction c on c.subject = r.subject
where r.id = :request and {WHOLLY_SHOWN} order by c.at, c.id""",
        "withheld": f"""
select r.subject, 'existence' as category, json_build_object(
  'withheld', row_number() over (order by md5(i.id::text)), 'exemption', d.exemption) as item
from hub.rights_item i join hub.rights_request r on r.id = i.request {DECIDED}
where i.request = :request and hub.counts(i) and d.decision = 'withhold' order by md5(i.id::text)""",
    },
    anchor="request",
    single=frozenset({"request"}),
)
