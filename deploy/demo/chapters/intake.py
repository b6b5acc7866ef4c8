"""How it begins: what a school's systems send, and what its safeguarding lead asks for."""

from importlib.resources import files
from typing import Any

from deploy.demo.partnership import HILLTOP, MASH, OAKFIELD, Agency
from deploy.demo.stage import Stage

SAMPLES = files("deploy.demo") / "samples"
XML, CSV, NDJSON = "application/xml", "text/csv", "application/x-ndjson"


async def the_schools_send_their_files(stage: Stage) -> None:
    """Pupil files and concern exports arrive from two schools' own systems."""
    stage.teller.chapter("The schools' systems send their files")
    for school, name in ((OAKFIELD, "oakfield"), (HILLTOP, "hilltop")):
        report = await _send(stage, school, "/referral/pupil-files", f"{name}.ctf.xml", XML)
        stage.teller.tell(
            school.name,
            f"sends its pupil file: {report['counts']['registered']} pupils registered.",
            **report["counts"],
        )
        await _remember(stage, school, report)
    report = await _send(stage, OAKFIELD, "/referral/concerns/batch", "oakfield-concerns.csv", CSV, "term-1")
    stage.teller.tell(
        OAKFIELD.name,
        f"posts its concerns: {report['counts']['received']} received, {report['counts']['bad']} not.",
        **report["counts"],
    )
    for bad in report["bad"]:
        reasons = "; ".join(f"{e['pointer']} {e['detail']}" for e in bad["errors"])
        stage.teller.quote(f"line {bad['line']}: {reasons}")
    again = await _send(stage, OAKFIELD, "/referral/concerns/batch", "oakfield-concerns.csv", CSV, "term-1")
    stage.teller.tell(
        OAKFIELD.name,
        "loses the connection and posts it all again, with the same Idempotency-Key: nothing doubles.",
        same_answer=again == report,
    )
    report = await _send(stage, HILLTOP, "/referral/concerns/batch", "hilltop-concerns.ndjson", NDJSON)
    stage.teller.tell(HILLTOP.name, f"posts {report['counts']['received']} concerns.", **report["counts"])


async def a_lead_asks_for_help(stage: Stage) -> None:
    """Oakfield's designated safeguarding lead brings a family together and refers it."""
    stage.teller.chapter("A designated safeguarding lead asks for help")
    school = stage[OAKFIELD]
    mother = await school.made(
        "/referral/people",
        {"given_name": "Priya", "family_name": "Sample", "date_of_birth": "1987-03-09"},
    )
    stage.ids["mother"] = mother["person"]
    await school.made(
        f"/referral/households/{stage.ids['household']}/members",
        {"person": mother["person"], "role": "parent"},
    )
    children = [stage.ids[name] for name in ("mina", "neha", "arun")]
    answer = await school.made(
        "/referral/referrals",
        {
            "household": stage.ids["household"],
            "children": children,
            "receiver": MASH.id,
            "reason": "Mina is missing school, comes in tired, and the family fears losing its home.",
            "needs": ["attendance", "housing", "parenting support"],
            "family_aware": True,
            "sharing": {
                "basis": "agreement",
                "given_by": "Priya Sample, mother, parental responsibility, in person",
                "reason": "The family asks for help and wants the council to have what the school knows.",
            },
        },
    )
    stage.ids["referral"] = answer["referral"]["referral"]
    stage.teller.tell(
        OAKFIELD.name,
        "refers three siblings to the MASH, with their mother's agreement. A decision is due by "
        f"{answer['referral']['decide_by'][:16].replace('T', ' ')} UTC: one working day.",
    )
    await stage.who_sees_what("Who sees what, before anybody else was told")


async def _send(
    stage: Stage, school: Agency, path: str, name: str, kind: str, key: str | None = None
) -> dict[str, Any]:
    headers = {"content-type": kind} | ({"idempotency-key": f"{name}-{key}"} if key else {})
    content = (SAMPLES / name).read_bytes()
    return await stage[school].made(path, content=content, headers=headers)


async def _remember(stage: Stage, school: Agency, report: dict[str, Any]) -> None:
    """Learn the ids of the Sample family, as its own school sees them."""
    for registered in report["registered"]:
        person = (await stage[school].get(f"/referral/people/{registered['person']}")).json()
        identity = person["identities"][0]
        if identity["family_name"] != "Sample":
            continue
        stage.ids[identity["given_name"].lower()] = registered["person"]
        for household in report["households"]:
            if registered["person"] in household["members"] and school is OAKFIELD:
                stage.ids["household"] = household["household"]
