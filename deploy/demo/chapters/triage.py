"""What the MASH decides, and what the referrer learns of it."""

from deploy.demo.partnership import EARLY_HELP, MASH, OAKFIELD, POLICE
from deploy.demo.stage import Stage


async def the_mash_decides(stage: Stage) -> None:
    """Amber: early help. The police are told what a statutory duty lets them know."""
    stage.teller.chapter("The MASH decides: amber, early help")
    referral = stage.ids["referral"]
    await stage[MASH].made(f"/referral/referrals/{referral}/acknowledge")
    await stage[MASH].made(
        f"/referral/referrals/{referral}/triage",
        {
            "rag": "amber",
            "level_of_need": 2,
            "outcome": "early_help",
            "rationale": "Several unmet needs, a family that asks for help, no sign of immediate harm.",
            "feedback": "Accepted for early help. A lead practitioner will ring you within two days.",
            "passed_to": EARLY_HELP.id,
            "sharing": {
                "basis": "agreement",
                "given_by": "Priya Sample, mother, by telephone",
                "reason": "She agreed that the early help team takes the case on.",
            },
        },
    )
    stage.teller.tell(MASH.name, "acknowledges, triages amber in its own scheme, level of need 2.")
    await _tell_the_police(stage)
    seen = (await stage[OAKFIELD].get(f"/referral/referrals/{referral}")).json()
    last = seen["moves"][-1]
    stage.teller.tell(OAKFIELD.name, "reads the outcome of its own referral:", status=last["status"])
    stage.teller.quote(f"{last['status']}: {last['feedback']}")
    await stage.who_sees_what("Who sees what, after triage")


async def _tell_the_police(stage: Stage) -> None:
    members = [stage.ids[name] for name in ("household", "mina", "neha", "arun")]
    await stage[MASH].made(
        "/sharing/decisions",
        {
            "agency": POLICE.id,
            "subjects": members,
            "categories": ["existence", "identity_contact", "family_household", "safeguarding_concern"],
            "purpose": "safeguarding",
            "basis": "statutory_duty",
            "reason": "A pattern of missing school near a known county lines address.",
            "detriment_test": "The duty manager weighed it: not knowing leaves the children less safe.",
        },
    )
    stage.teller.tell(
        MASH.name, "shares names and concerns with the police on a statutory duty; the test is recorded."
    )
