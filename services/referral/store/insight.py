"""Returned referrals as counts: through a function of the owner's that can give nothing else."""

from hub.view import View

# About nobody, and still a look at what is kept about people: it leaves its trace.
RETURNED = View(
    {
        "returned": """
select null::uuid as subject, 'request_for_help' as category, json_build_object('outcome', r.outcome,
  'area', r.area, 'need', r.need, 'reason', r.reason, 'count', r.times) as item
from referral.returned_in(cast(:quarter as date), cast(:sayings as jsonb)) r
order by r.outcome, r.area, r.need, r.reason"""
    }
)
