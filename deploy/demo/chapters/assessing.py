"""The family agrees; agencies assess together, each in its own words; a plan for all of them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from deploy.demo.partnership import CHARITY, EARLY_HELP, HILLTOP, HOUSING, NURSING, OAKFIELD, Agency
from deploy.demo.stage import Stage

KNOWS = ["existence", "identity_contact", "family_household", "plan_and_actions"]
SIBLINGS = ("mina", "neha", "arun", "dev")


async def the_family_agrees(stage: Stage) -> None:
    """The mother agrees to take part, and says who may know what, agency by agency."""
    stage.teller.chapter("The family agrees, agency by agency")
    await _a_brother_joins(stage)
    await stage[EARLY_HELP].made(
        "/assessment/engagements",
        {
            "household": stage.ids["household"],
            "given_by": "Priya Sample, mother",
            "capacity": "pr_holder",
            "method": "in_person",
            "given_on": _today(),
            "words_shown": "We will work with you and the people you choose. You can stop at any time.",
        },
    )
    stage.teller.tell(EARLY_HELP.name, "records the agreement to take part: the gate to an assessment.")
    for agency, more in (
        (OAKFIELD, []),
        (HILLTOP, []),
        (NURSING, ["health_physical"]),
        (HOUSING, ["housing_tenancy", "home_address"]),
    ):
        stage.ids[f"decision:{agency.id}"] = await _decides(stage, EARLY_HELP, agency, [*KNOWS, *more])
        stage.teller.tell(EARLY_HELP.name, f"records what {agency.name} may see: {', '.join(KNOWS + more)}.")
    await _decides(stage, EARLY_HELP, CHARITY, KNOWS, share=False, reason="Not yet: the family will decide.")
    stage.teller.tell(EARLY_HELP.name, f"records the decision not to share with {CHARITY.name}, and why.")


async def agencies_assess_together(stage: Stage) -> None:
    """One assessment, a section for each kind of information, each shown to whom it is shared."""
    stage.teller.chapter("One whole-family assessment, many hands")
    answer = await stage[EARLY_HELP].made(
        "/assessment/assessments",
        {
            "household": stage.ids["household"],
            "framework": "assessment_triangle",
            "lead_practitioner": "Lead practitioner, early help team",
            "children": [stage.ids[name] for name in SIBLINGS],
            "adults": [stage.ids["mother"]],
        },
    )
    stage.ids["assessment"] = answer["assessment"]["assessment"]
    await _contributes(stage, NURSING, "mina", "health_physical", "Asthma in control; tired in the mornings.")
    await _contributes(
        stage, HOUSING, "household", "housing_tenancy", "Wants to stay; owes three months' rent."
    )
    await _contributes(
        stage,
        OAKFIELD,
        "mina",
        "wishes_feelings",
        "Mina likes school.",
        words_of_the_child="I miss my friends when we have to stay at home.",
    )
    for author, category in (
        (NURSING, "health_physical"),
        (HOUSING, "housing_tenancy"),
        (OAKFIELD, "wishes_feelings"),
    ):
        await _decides(stage, author, EARLY_HELP, [category])
    stage.teller.tell("Each author", "decides that the early help team may read its section; nobody else.")
    await stage.who_sees_what("Who sees what, with the assessment")
    await _the_author_countersigns(stage)


async def _the_author_countersigns(stage: Stage) -> None:
    """What the family told one agency opens what another wrote once that other says so too."""
    decision = await _decides(
        stage, OAKFIELD, HILLTOP, ["health_physical"], ["mina"], countersigners=[NURSING.id]
    )
    before = await _reads_of_health(stage, HILLTOP)
    stage.teller.tell(
        OAKFIELD.name, "records that Hilltop may know of the asthma. It opens nothing that nursing wrote."
    )
    word = {"reason": "The mother told us the same."}
    await stage[NURSING].made(f"/sharing/decisions/{decision}/countersign", word)
    after = await _reads_of_health(stage, HILLTOP)
    stage.teller.tell(
        NURSING.name,
        "is told, and countersigns: Hilltop reads it from now on.",
        before=before,
        after=after,
    )


async def _reads_of_health(stage: Stage, agency: Agency) -> int:
    _, _, assessed = await stage.case(agency)
    return sum(section["category"] == "health_physical" for section in assessed["sections"])


async def a_plan_for_the_whole_family(stage: Stage) -> None:
    """Goals for each child and the family, and who does what by when."""
    stage.teller.chapter("A plan for the whole family")
    path = f"/assessment/assessments/{stage.ids['assessment']}"
    await stage[EARLY_HELP].made(f"{path}/review-with-family", {"note": "Read together at home."})
    await stage[EARLY_HELP].made(f"{path}/complete", {"decision": "plan"})
    answer = await stage[EARLY_HELP].made(
        "/assessment/plans",
        {
            "household": stage.ids["household"],
            "assessment": stage.ids["assessment"],
            "tier": "intensive_whole_family",
            "starts": _today(),
            "target_end": _today(120),
            "lead_practitioner": "Lead practitioner, early help team",
            "children": [stage.ids[name] for name in SIBLINGS],
            "adults": [stage.ids["mother"]],
        },
    )
    stage.ids["plan"] = answer["plan"]["plan"]
    for whom, area, text, target, owner, does in (
        (
            "mina",
            "education_send",
            "Mina is in school",
            "90% of sessions by Easter",
            OAKFIELD,
            "Morning club place",
        ),
        (
            "household",
            "housing",
            "The family keeps its home",
            "An agreed repayment plan",
            HOUSING,
            "Meet about rent",
        ),
        (
            "dev",
            "emotional_wellbeing",
            "Dev has time of his own",
            "One club a week",
            HILLTOP,
            "Young carers' group",
        ),
    ):
        goal = await _add(stage, "goals", subject=stage.ids[whom], area=area, text=text, target=target)
        await _add(stage, "actions", goal=goal["goal"]["goal"], text=does, owner=owner.id, due=_today(21))
        stage.teller.tell(EARLY_HELP.name, f"goal: {text} ({target}). {owner.name}: {does.lower()}.")
    await stage[EARLY_HELP].made(f"/assessment/plans/{stage.ids['plan']}/agree", {"note": "Agreed at home."})
    stage.teller.tell(EARLY_HELP.name, "agrees the plan with the family: four children, one plan.")


async def _a_brother_joins(stage: Stage) -> None:
    """Each school lets early help know who else there is; early help puts a brother beside his siblings."""
    herself = {"name": "Priya Sample", "person": stage.ids["mother"], "capacity": "adult"}
    await _decides(stage, OAKFIELD, EARLY_HELP, ["existence", "identity_contact"], ["mother"], giver=herself)
    await _decides(
        stage, HILLTOP, EARLY_HELP, ["existence", "identity_contact", "safeguarding_concern"], ["dev"]
    )
    household = stage.ids["household"]
    await stage[EARLY_HELP].made(
        f"/referral/households/{household}/members", {"person": stage.ids["dev"], "role": "sibling"}
    )
    stage.teller.tell(HILLTOP.name, "shares its pupil Dev, an older brother, with early help, who adds him.")


async def _decides(
    stage: Stage,
    by: Agency,
    agency: Agency,
    categories: list[str],
    about: list[str] | None = None,
    **more: Any,
) -> str:
    names = about or ["household", *SIBLINGS]
    decision = {
        "agency": agency.id,
        "subjects": [stage.ids[name] for name in names],
        "categories": categories,
        "purpose": "early_help",
        "basis": "agreement",
        "giver": {"name": "Priya Sample, mother", "capacity": "pr_holder"},
        "method": "in_person",
        "reason": "The family wants this agency to help.",
        **more,
    }
    return (await stage[by].made("/sharing/decisions", decision))["decision"]


async def _contributes(
    stage: Stage, agency: Agency, about: str, category: str, strengths: str, **more: str
) -> None:
    section = {"subject": stage.ids[about], "category": category, "strengths": strengths, **more}
    await stage[agency].made(f"/assessment/assessments/{stage.ids['assessment']}/sections", section)
    stage.teller.tell(agency.name, f"contributes its section: {category}.")


async def _add(stage: Stage, what: str, **facts: str) -> dict[str, Any]:
    return await stage[EARLY_HELP].made(f"/assessment/plans/{stage.ids['plan']}/{what}", facts)


def _today(days: int = 0) -> str:
    return (datetime.now(UTC).date() + timedelta(days=days)).isoformat()
