"""A family with one of every record that a parameter can name, written through the front door."""

import itertools
from typing import Any

from deploy.demo.partner import Partner
from deploy.demo.partnership import Agency
from hub.sharing import Category
from tests.people import fresh_upn
from tests.policy.matrix.values import GUEST, MONTH, Records

EVERY_CATEGORY = [category.value for category in Category]
MOTHER = {"name": "Robin Synthetic", "capacity": "pr_holder"}
FATHER = {"name": "Jo Synthetic", "capacity": "pr_holder"}
REASON = "A reason for the policy matrix."
SECOND, THIRD = "p-2", "p-3"  # whoever asks is p-1
_numbers = itertools.count(101)  # of one length: no address is a part of another


async def a_whole_family(
    author: Partner, agency: Agency, officer: Partner, receiver: str = GUEST
) -> dict[str, str]:
    """One of everything, written by a client of this agency; its id under the name that parameters have.

    The data protection officer puts a name right: so there is an earlier version of it.
    """
    address = f"{next(_numbers)} Quillfeather Row"  # plainly synthetic, and nobody else's: a seal can hide it
    records = {"upn": fresh_upn(), "address": address, "author": agency.id, "receiver": receiver}
    await _people(author, records)
    for name, path, body in (*_of_referral(records), *_of_assessment(records)):
        await write(author, records, name, path, body, kind=name.removeprefix("another_"))
    await _of_the_ledger(author, records)
    await _who_looked(author, records)
    await _put_right(officer, records)
    return records


async def shared_with(author: Partner, records: Records, agency: Agency, by: str = "agreement") -> str:
    """Everything about everybody, with one agency: the decision's id."""
    body = {
        "agency": agency.id,
        "subjects": everybody(records),
        "categories": EVERY_CATEGORY,
        "purpose": "early_help",
        "basis": by,
        "giver": MOTHER,
        "reason": REASON,
    }
    return (await author.made("/sharing/decisions", body))["decision"]


async def withdrawn(author: Partner, records: Records) -> None:
    """Every decision that lets anybody see anything of this family."""
    for subject in everybody(records):
        page = await author.get("/sharing/decisions", params={"subject": subject, "limit": "100"})
        for each in page.json()["decisions"]:
            if each["standing"] in ("given", "disputed"):
                await author.made(f"/sharing/decisions/{each['decision']}/withdraw", {"reason": REASON})


async def no_longer_processed(officer: Partner, records: dict[str, str]) -> None:
    """Everything about everybody, hidden from all of them: the family asked for it."""
    body = {"subjects": everybody(records), "asked_by": "Robin Synthetic", "reason": REASON}
    await write(officer, records, "restriction", "/rights/restrictions", body)


async def restricted(author: Partner, records: Records, agency: Agency) -> None:
    """Everything about everybody, hidden from one agency."""
    body = {
        "hidden_from": agency.id,
        "subjects": everybody(records),
        "categories": EVERY_CATEGORY,
        "kind": "no_contact_order",
        "court_reference": "SYN-1",
        "reason": REASON,
    }
    await author.made("/sharing/restrictions", body)


async def sealed(author: Partner, records: Records) -> None:
    """The family's address, for everybody but the author."""
    body = {
        "subjects": everybody(records),
        "named": [records["author"]],
        "text": [records["address"]],
        "reason": REASON,
    }
    await author.made("/sharing/seals", body)


def everybody(records: Records) -> list[str]:
    """Household and people."""
    return [records["household"], records["person"], records["parent"]]


async def write(
    author: Partner,
    records: dict[str, str],
    name: str,
    path: str,
    body: Any,
    *,
    kind: str = "",
    by: str = "p-1",
) -> None:
    """Write one record and keep its id, wherever in the answer it is. `kind` is what the hub calls it."""
    said = body() if callable(body) else body
    answer = await author.made(path.format(**records), said, headers={"practitioner": by})
    found = answer[kind or name]
    records[name] = found[kind or name] if isinstance(found, dict) else found


async def _people(author: Partner, records: dict[str, str]) -> None:
    child = {
        "upn": records["upn"],
        "given_name": "Sky",
        "family_name": "Synthetic",
        "date_of_birth": "2016-05-04",
        "address": {"lines": [records["address"]], "postcode": "BS5 6AA"},
    }
    parent = {"given_name": "Robin", "family_name": "Synthetic", "date_of_birth": "1988-01-02"}
    records["person"] = (await author.made("/referral/people", child))["person"]
    records["parent"] = (await author.made("/referral/people", parent))["person"]
    members = [
        {"person": records["person"], "role": "child"},
        {"person": records["parent"], "role": "parent"},
    ]
    body = {"name": f"The family at {records['address']}", "members": members}
    records["household"] = (await author.made("/referral/households", body))["household"]


def _of_referral(records: Records) -> list[tuple[str, str, Any]]:
    lives = f"They live at {records['address']}."
    concern = {
        "upn": records["upn"],
        "kind": "other",
        "narrative": lives,
        "occurred_at": "2026-11-19T08:40:00Z",
    }
    referral = {
        "household": records["household"],
        "children": [records["person"]],
        "receiver": records["receiver"],
        "reason": lives,
        "needs": ["debt"],
        "family_aware": True,
        "sharing": {"basis": "agreement", "given_by": "Robin Synthetic, mother", "reason": REASON},
    }
    return [
        ("concern", "/referral/concerns", concern),
        ("involvement", "/referral/people/{person}/involvement", {"role": "Family support worker"}),
        ("referral", "/referral/referrals", referral),
    ]


def _of_assessment(records: Records) -> list[tuple[str, str, Any]]:
    lives = f"They live at {records['address']}."
    family = {"household": records["household"], "lead_practitioner": "Sam Example"}
    people = {"children": [records["person"]], "adults": [records["parent"]]}
    engagement = {
        "household": records["household"],
        "given_by": "Robin Synthetic, mother",
        "capacity": "pr_holder",
        "method": "in_person",
        "given_on": "2026-03-02",
        "words_shown": lives,
    }
    assessment = {**family, **people, "framework": "assessment_triangle", "started": "2026-03-03"}
    section = {"subject": records["parent"], "dimension": "housing", "strengths": lives}
    tier = {"tier": "early_response", "starts": "2026-04-01", "target_end": "2026-07-01"}
    goal = {"subject": records["person"], "area": "housing", "text": lives, "target": "A dry bedroom."}
    action = {"text": lives, "owner": GUEST, "due": "2026-05-01"}
    meeting = {
        "household": records["household"],
        "starts_at": "2026-04-20T15:30:00+01:00",
        "venue": lives,
        "agencies": [GUEST],
    }
    return [
        ("engagement", "/assessment/engagements", engagement),
        ("assessment", "/assessment/assessments", assessment),
        ("section", "/assessment/assessments/{assessment}/sections", section),
        ("plan", "/assessment/plans", {**family, **people, **tier}),
        ("goal", "/assessment/plans/{plan}/goals", goal),
        ("action", "/assessment/plans/{plan}/actions", lambda: action | {"goal": records["goal"]}),
        ("another_action", "/assessment/plans/{plan}/actions", lambda: action | {"goal": records["goal"]}),
        ("meeting", "/assessment/meetings", meeting),
        ("minute", "/assessment/meetings/{meeting}/minutes", {"text": lives}),
    ]


async def _of_the_ledger(author: Partner, records: dict[str, str]) -> None:
    """What two parents differ about; a restriction and a seal that hide nothing else; an override.

    Other people of the agency recorded what only somebody else may resolve or review.
    """
    decision = {
        "agency": GUEST,
        "subjects": everybody(records),
        "categories": ["family_household"],
        "purpose": "early_help",
        "basis": "agreement",
        "giver": MOTHER,
        "reason": f"They live at {records['address']}.",
    }
    about = {"subjects": [records["parent"]], "reason": REASON}
    restriction = {**about, "hidden_from": GUEST, "categories": ["immigration"]}
    seal = {**about, "named": [records["author"]], "text": ["Another Synthetic House"]}
    override = {
        "subject": records["person"],
        "categories": ["identity_contact"],
        "purpose": "early_help",
        "reason_code": "missing_child",
        "words": REASON,
        "second_person": "p-second",
    }
    proposal = {**decision, "event": "proposed", "categories": ["wishes_feelings"]}
    for name in ("proposed", "proposed_too"):
        await write(author, records, name, "/sharing/decisions", proposal, kind="decision")
    await write(author, records, "decision", "/sharing/decisions", decision, by=SECOND)
    refusal = {**decision, "event": "refused", "giver": FATHER}
    await author.made("/sharing/decisions", refusal, headers={"practitioner": THIRD})
    waiting = await author.get("/sharing/conflicts", params={"subject": records["household"]})
    conflicts = {one["agreement"]["decision"]: one["conflict"] for one in waiting.json()["conflicts"]}
    records["conflict"] = conflicts[records["decision"]]
    await write(author, records, "restriction", "/sharing/restrictions", restriction)
    await write(author, records, "seal", "/sharing/seals", seal)
    await write(author, records, "override", "/sharing/overrides", override, by=SECOND)


async def _who_looked(author: Partner, records: dict[str, str]) -> None:
    """The trace of somebody who looked; what one that never does looks at is held back for a month."""
    holding = {"subject": records["person"], "looker": GUEST, "until": MONTH, "reason": REASON}
    await write(author, records, "held_back", "/disclosures/held-back", holding)
    looked = await author.get("/disclosures", params={"subject": records["person"]})
    records["disclosure"] = looked.json()["disclosures"][-1]["disclosure"]


async def _put_right(officer: Partner, records: dict[str, str]) -> None:
    """A child's name and a plan's goal say otherwise than they did."""
    said = {"disputed": "It is wrong.", "correction": "It is put right.", "held_by": records["author"]}
    name = {"category": "identity_contact", "record": records["person"], "fields": {"given_name": "Skye"}}
    goal = {"category": "plan_and_actions", "record": records["goal"], "fields": {"target": "A dry house."}}
    for wrong in (goal, name):
        body = {"subject": records["person"], **said, **wrong}
        made = await officer.made("/rights/corrections", body)
        records["correction"] = made["correction"]["correction"]
