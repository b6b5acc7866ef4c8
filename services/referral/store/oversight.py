"""Everything the referral service holds about one person, for the hub's data protection officer."""

from hub.erasure import earlier_in, kept_by
from hub.view import View
from services.referral.store.concerns import CONCERN
from services.referral.store.people import ADDRESS, ATTENDANCE, IDENTITY

MEMBERSHIP = """
select m.subject, m.category, m.agency as author, json_build_object(
  'household', m.subject, 'person', m.person, 'role', m.role, 'according_to', m.agency) as item
from referral.member m where m.person = :person order by m.subject, m.agency"""

INVOLVEMENT = """
select i.subject, i.category, i.agency as author, json_build_object(
  'involvement', i.involvement, 'person', i.subject, 'agency', i.agency, 'role', i.role, 'lead', i.lead,
  'contact', i.contact, 'starts', i.starts, 'ends', i.ends) as item
from referral.involvement i where i.subject = :person order by i.starts, i.number"""

# No anchor: nothing is an answer too.
RECORDS = View(
    {
        "identities": IDENTITY.format(which="i.subject = :person"),
        "addresses": ADDRESS.format(which="a.subject = :person"),
        "attendance": ATTENDANCE.format(which="t.subject = :person"),
        "concerns": CONCERN.format(which="c.subject = :person", order="c.occurred_at", most="all", more=""),
        "involvements": INVOLVEMENT,
        "memberships": MEMBERSHIP,
    }
)

PLACE = "referral"
KEPT = kept_by(PLACE)
EARLIER = earlier_in(PLACE)
BELONGING = View(
    {
        "memberships": """
select m.subject, m.category, json_build_object('household', m.subject, 'person', m.person) as item
from (select distinct subject, person, category from referral.member
  where subject = any(cast(:subjects as uuid[])) or person = any(cast(:subjects as uuid[]))) m""",
        "born": """
select i.subject, i.category, json_build_object('person', i.subject, 'born', i.born) as item
from (select subject, category, max(date_of_birth) as born from referral.identity
  where subject = any(cast(:subjects as uuid[])) or subject in (select m.person from referral.member m
    where m.subject = any(cast(:subjects as uuid[]))) group by subject, category) i""",
    }
)
