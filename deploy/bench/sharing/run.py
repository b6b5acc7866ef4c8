"""Every reading in turns: with the row policy as the hub reads, and without it as the administrator does."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from deploy.bench import machine
from deploy.bench.cases import body_of, chosen
from deploy.bench.meter import Meter, postmaster_of
from deploy.bench.sharing.decided import decided
from deploy.bench.sharing.hubs import FEWEST, Hub, two_hubs
from deploy.bench.stage import caller_of
from deploy.bench.statements import Row, Statement, Values, alone, context_of
from deploy.bench.turns import Measured, Pace, Target, WrongAnswer, ratio, take_turns
from deploy.demo.partnership import CHARITY, EARLY_HELP
from deploy.place import Place
from hub.view import LOGGED
from services.referral.store.households import CASE, PAGE

READER, STRANGER = EARLY_HELP, CHARITY
UNTRACED = "select from shown"
MOST = 1.3
BUSY, CALM = 5, 60
# Where pages of the reader's caseload begin, here and there in it.
BEGINS = """
select updated_at as moment, subject as identity from hub.caseload
where agency = $1 and purpose = 'early_help' and household
order by updated_at desc, subject desc offset $2 limit 1"""
OFFSETS = (0, 40, 90, 140, 190)
FIFTY = 50


@dataclass(frozen=True)
class Reading:
    """A statement with the values it is asked for, read the same with the row policy and without."""

    name: str
    hub: Hub
    sql: str
    values: Sequence[Values]

    def own(self) -> Statement:
        """As the referral service reads: its role, bound by row security."""
        return Statement(self.hub.own, context_of(caller_of(READER), self.name), self.sql)

    def every(self) -> Statement:
        """As the administrator reads, whom nothing binds."""
        return replace(self.own(), url=self.hub.every)


async def measured(
    place: Place,
    families: int,
    pace: Pace,
    *,
    keep: bool,
    progress: Callable[[int], None],
    fewest: int = FEWEST,
) -> dict[str, Any]:
    """The price of the row policy: ratios within one run, at two sizes and with few and many decisions.

    `above_1_3` counts the readings of which the policy costs more than 1.3 times the bare statement, or
    that take more than that time longer in the large hub than in the small.
    """
    async with two_hubs(place, families, keep=keep, progress=progress, fewest=fewest) as hubs:
        about = machine.described(await hubs[0].administrator.fetchval("show server_version"))
        meter = Meter((), postmaster_of(await hubs[0].administrator.fetchval("select pg_backend_pid()")))
        readings = [reading for hub in hubs for reading in await _readings(hub)]
        targets = [target for reading in readings for target in await _pair(reading)]
        seen = await take_turns(targets, 1, pace, meter, _nothing)
    figures = {"small": hubs[0].families, "large": hubs[1].families}
    return {"name": "sharing", "figures": figures | _compared(readings, seen), "machine": about}


async def _readings(hub: Hub) -> list[Reading]:
    """The case view and the page, traced as the hub answers them, and the reading alone."""
    case = Reading("case", hub, CASE.sql(UNTRACED), [])
    cases = await chosen(hub.administrator, READER, STRANGER, case.own(), case.every(), BUSY + CALM)
    households = sorted(one.household for one in cases)
    busy = min(BUSY, len(households) // 2)
    await decided(hub.administrator, households[:busy], READER, STRANGER)
    many, few = ([{"household": one} for one in part] for part in (households[:busy], households[busy:]))
    pages = await _pages(hub)
    return [
        Reading(f"{what}{traced}", hub, view.sql(logged), values)
        for traced, logged in (("", UNTRACED), (", traced", LOGGED))
        for what, view, values in (
            ("case", CASE, few),
            ("case of 1,000", CASE, many),
            ("page of 50", PAGE, pages),
        )
    ]


async def _pages(hub: Hub) -> list[Values]:
    begins = [await hub.administrator.fetchrow(BEGINS, READER.id, offset) for offset in OFFSETS]
    return [{**dict(row), "limit": FIFTY} for row in begins if row]


async def _pair(reading: Reading) -> list[Target]:
    """With the policy and without. WrongAnswer unless both show the same, and a stranger less."""
    held: list[Values] = []
    lengths: dict[UUID, int] = {}
    async with reading.own().ready() as own, reading.every().ready() as every:
        for values in reading.values:
            shown, there = body_of(await own(values)), body_of(await every(values))
            if shown is not None and shown == there:
                held.append(values)
                lengths[_key(values)] = len(shown)
    if not held:
        raise WrongAnswer(f"{reading.name}: nothing is shown with the row policy as without it.")

    def check(row: Row, said: Values) -> None:
        body = body_of(row)
        if body is None or len(body) != lengths[_key(said)]:
            raise WrongAnswer(f"{reading.name} answered something else than before.")

    def each(number: int) -> Iterator[Values]:
        while True:
            yield from held[number:]
            yield from held[:number]

    async def probe() -> None:
        context = context_of(caller_of(STRANGER), reading.name)
        async with replace(reading.own(), context=context).ready() as ask:
            shown = body_of(await ask(held[0]))
        if shown is not None and len(shown) >= lengths[_key(held[0])]:
            raise WrongAnswer(f"{reading.name}: a stranger was shown as much.")

    name = f"{reading.hub.name} {reading.name}"
    return [
        alone(name, reading.own(), each, check, probe),
        alone(f"{name} bare", reading.every(), each, check, _nothing),
    ]


def _key(values: Values) -> UUID:
    return values.get("household") or values["identity"]


def _compared(readings: Sequence[Reading], seen: dict[str, Measured]) -> dict[str, Any]:
    """A row for every reading: its price at both sizes, and how the larger compares with the smaller."""
    rows: dict[str, dict[str, Any]] = {}
    by_name = {name: [r for r in readings if r.name == name] for name in {r.name: 0 for r in readings}}
    for name, (small, large) in by_name.items():
        row: dict[str, Any] = {}
        for size, reading in (("small", small), ("large", large)):
            place = f"{reading.hub.name} {name}"
            row |= {
                f"policy_costs_{size}": ratio(seen, f"{place} bare", place),
                f"p50_ms_{size}": seen[place].figures()["p50_ms"],
            }
        row["large_to_small"] = ratio(seen, f"{small.hub.name} {name}", f"{large.hub.name} {name}")
        rows[name.replace(" ", "_")] = row
    worst = [max(v for k, v in row.items() if not k.startswith("p50")) for row in rows.values()]
    return {"readings": rows, "above_1_3": sum(each > MOST for each in worst)}


async def _nothing() -> None:
    """No work is left over: nothing gives these disclosures their place."""
