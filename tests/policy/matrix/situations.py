"""Who asks, and how a record stands towards them: families prepared once, for all operations."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import uuid4

from deploy.demo.partner import Partner
from deploy.demo.partnership import (
    CHARITY,
    DPO,
    EARLY_HELP,
    HILLTOP,
    HOUSING,
    MASH,
    NURSING,
    OAKFIELD,
    POLICE,
    Agency,
)
from deploy.local import HOST, listen, served
from hub.caller import AgencyId, Scope
from tests.people import KEYS, fresh_upn
from tests.policy.matrix.families import (
    a_whole_family,
    no_longer_processed,
    restricted,
    sealed,
    shared_with,
    withdrawn,
)
from tests.policy.matrix.hubs import EVERY_SCOPE, WRITES, Hub, all_agree, joined
from tests.policy.matrix.of_right import erased, of_right, past_its_time
from tests.policy.matrix.values import BESIDES, GUEST, MONTH, OF_RIGHT, PERSONAL, VISITOR, Records
from tests.services.directory.feeds import a_service, feed_of


class Situation(StrEnum):
    """How a record stands towards who asks; the value is the column's heading."""

    OWN = "its own"
    SHARED = "shared"
    SEALED = "shared, sealed"
    NEVER = "never shared"
    WITHDRAWN = "withdrawn"
    RESTRICTED = "restricted"
    PROCESSING = "processing restricted"
    ERASED = "erased"
    ELSEWHERE = "another hub's"
    MADE_UP = "made up"


HIDDEN = (Situation.NEVER, Situation.WITHDRAWN, Situation.RESTRICTED, Situation.PROCESSING)
UNSEEN = (*HIDDEN, Situation.ERASED, Situation.ELSEWHERE)
COLUMNS = tuple(situation for situation in Situation if situation is not Situation.MADE_UP)
# Whoever may see a record may change it, so these are prepared for each role anew.
FOR_EACH = (Situation.OWN, Situation.SHARED, Situation.SEALED)

AUTHOR = Agency(AgencyId("matrix-author"), "An agency that writes", "early_help_team", WRITES)
THE_GUEST = Agency(AgencyId(GUEST), "An agency that nobody asks", "early_help_team", frozenset())
THE_VISITOR = Agency(AgencyId(VISITOR), "An agency that is suspended", "early_help_team", frozenset())


@dataclass(frozen=True)
class Role:
    """Somebody who asks: a client with a token, or nobody."""

    name: str
    agency: Agency
    headers: Mapping[str, str]
    stranger: bool = False

    def lacks(self, scopes: Sequence[str]) -> bool:
        """Whether it may not use an operation that needs these, whatever the record."""
        return bool(scopes) and (self.stranger or not set(scopes) <= self.agency.scopes)

    @property
    def oversees(self) -> bool:
        """Whether it sees, by office, what nobody shares with it."""
        return Scope.RECORDS_OVERSEE in self.agency.scopes


PERSONAS = {
    "school": OAKFIELD,
    "second school": HILLTOP,
    "health": NURSING,
    "housing": HOUSING,
    "police": POLICE,
    "charity": CHARITY,
    "MASH": MASH,
    "early help": EARLY_HELP,
    "data protection": DPO,
}
NOBODY, STRANGER, SCOPELESS = "nobody", "another hub's", "without scopes"


@dataclass
class Prepared:
    """Every role, and a family's records for each in every situation."""

    hub: Hub
    roles: list[Role]
    hall: Records
    families: dict[tuple[str, Situation], Records] = field(
        default_factory=dict[tuple[str, Situation], Records]
    )
    of_right: dict[str, str] = field(default_factory=dict[str, str])  # one family's, for roles without any
    own: dict[str, Records] = field(default_factory=dict[str, Records])  # what works once, for each role

    def records(self, role: Role, situation: Situation) -> Records | None:
        """The family that stands like this towards this role, if there is one."""
        beside = {**self.hall, **self.own.get(role.name, {}), "asking": role.agency.id}
        if situation is Situation.MADE_UP:
            return {**beside, **nobodys()}
        found = self.families.get((role.agency.id, situation)) or self.families.get(("", situation))
        return {**self.of_right, **found, **beside} if found else None


def nobodys() -> Records:
    """Records that are not there."""
    return {name: str(uuid4()) for name in (*PERSONAL, *BESIDES, *OF_RIGHT)} | {
        "upn": fresh_upn(),
        "address": "1 Nobody Row",
        "author": AUTHOR.id,
    }


@dataclass(frozen=True)
class Stage:
    """Who writes in a hub, and what in it is about no person."""

    hub: Hub
    author: Partner
    officer: Partner
    hall: Records

    async def family(self, prepared: Prepared, situation: Situation, roles: Sequence[Role]) -> None:
        """One family that stands like this towards roles; the same one for all who have none of their own."""
        records = await a_whole_family(self.author, AUTHOR, self.officer)
        if not roles:
            await of_right(self.author, self.officer, records)
        prepared.families["", situation] = records
        await self._stands(self.author, records, situation, roles)

    async def erased_family(self, prepared: Prepared, roles: Sequence[Role]) -> None:
        """One that every role was shown before it was erased."""
        records = await a_whole_family(self.author, AUTHOR, self.officer)
        for role in roles:
            await shared_with(self.author, records, role.agency)
            path = f"/referral/households/{records['household']}/case"
            (await self.hub.http.get(path, headers={**role.headers})).raise_for_status()
        async with self.hub.administrator() as administrator:
            await erased(self.officer, records, administrator)
        prepared.families["", Situation.ERASED] = records

    async def families_of(self, prepared: Prepared, role: Role) -> None:
        """The families a role may see, and may change. Oversight sees all, and writes none of its own."""
        own = await joined(self.hub, role.agency, f"matrix-{role.agency.id}", WRITES)
        for situation in (*FOR_EACH[1:], *HIDDEN) if role.oversees else FOR_EACH:
            mine = situation is Situation.OWN
            writer, agency = (own, role.agency) if mine else (self.author, AUTHOR)
            asked_for_help = GUEST if mine or role.oversees else role.agency.id
            records = await a_whole_family(writer, agency, self.officer, asked_for_help)
            if role.oversees:
                await of_right(self.author, self.officer, records)
                prepared.of_right |= {name: records[name] for name in OF_RIGHT}
            prepared.families[role.agency.id, situation] = records
            await self._stands(writer, records, situation, [] if role.oversees else [role])
            if role.oversees:
                async with self.hub.administrator() as administrator:
                    await past_its_time(administrator, records)

    async def _stands(
        self, author: Partner, records: dict[str, str], situation: Situation, roles: Sequence[Role]
    ) -> None:
        """See that a family stands like this towards these roles."""
        if situation not in (Situation.OWN, Situation.NEVER, Situation.ELSEWHERE):
            for role in roles:
                await shared_with(author, records, role.agency)
        if situation is Situation.SEALED:
            await sealed(author, records)
        if situation is Situation.WITHDRAWN:
            await withdrawn(author, records)
        if situation is Situation.RESTRICTED:
            for role in roles:
                await restricted(author, records, role.agency)
        if situation is Situation.PROCESSING:
            await no_longer_processed(self.officer, records)


async def set_the_stage(hub: Hub, feed: str | None) -> Stage:
    """An agency that no role belongs to, the officer who handles what families ask for of right, the hall."""
    author = await joined(hub, AUTHOR, AUTHOR.id, WRITES)
    for agency in (THE_GUEST, THE_VISITOR):
        await joined(hub, agency, agency.id, frozenset())
    await all_agree(hub, AUTHOR, THE_GUEST)
    officer = await joined(hub, DPO, "matrix-officer", EVERY_SCOPE)
    return Stage(hub, author, officer, await _the_hall(author, feed) if feed else {})


async def prepare(hub: Hub, other: Hub, feed: str) -> Prepared:
    """Every role with its token, and every family, written through the front doors of two hubs."""
    stage, elsewhere = await set_the_stage(hub, feed), await set_the_stage(other, None)
    roles = [await _persona(hub, name, agency) for name, agency in PERSONAS.items()]
    prepared, partners = Prepared(hub, roles, stage.hall), [role for role in roles if not role.oversees]
    await asyncio.gather(
        elsewhere.family(prepared, Situation.ELSEWHERE, []),
        *(stage.family(prepared, situation, partners) for situation in HIDDEN),
        stage.erased_family(prepared, partners),
        *(stage.families_of(prepared, role) for role in roles),
    )
    prepared.roles += [*await _strangers(hub, other)]
    links = iter(await _links(stage))
    for role in prepared.roles:
        prepared.own[role.name] = await _works_once(stage, role, next(links), next(links))
    return prepared


async def _links(stage: Stage) -> list[str]:
    """A link to every listing there is."""
    page = await stage.author.get("/directory/services", params={"per_page": "100"})
    services = [one["id"] for one in page.json()["contents"]]
    issued = await stage.author.made("/directory/verification-links", {"services": services})
    return [one["url"].rpartition("/")[2] for one in issued["links"]]


async def _works_once(stage: Stage, role: Role, *links: str) -> Records:
    """What is gone once it was used, for each role anew: links to a listing, an agreement with its agency."""
    found: dict[str, str] = dict(zip(("secret", "another_secret"), links, strict=True))
    if role.lacks([Scope.AGREEMENTS_WRITE]):
        return found
    text = {
        "title": "An agreement of two (synthetic)",
        "dpia_reference": "DPIA-TWO",
        "parties": [AUTHOR.id, role.agency.id],
        "categories": ["existence"],
        "purposes": ["early_help"],
        "expires": MONTH,
    }
    return found | {"agreement": (await stage.author.made("/sharing/agreements", text))["agreement"]}


async def _persona(hub: Hub, name: str, agency: Agency) -> Role:
    partner = Partner(agency, KEYS[agency.client], hub.http, hub.running.url)
    return Role(name, agency, headers_of(await partner.token()))


def headers_of(token: str) -> Mapping[str, str]:
    """What a client sends with every request, in the name of one practitioner."""
    return {"authorization": f"Bearer {token}", "practitioner": "p-1"}


async def _strangers(hub: Hub, other: Hub) -> list[Role]:
    """Who gets nothing anywhere: without scopes, with another hub's token, without any."""
    scopeless = await joined(hub, HOUSING, "matrix-scopeless", frozenset())
    strange = await Partner(HOUSING, KEYS[HOUSING.client], other.http, other.running.url).token()
    return [
        Role(SCOPELESS, HOUSING, headers_of(await scopeless.token()), stranger=True),
        Role(STRANGER, HOUSING, headers_of(strange), stranger=True),
        Role(NOBODY, HOUSING, {}, stranger=True),
    ]


async def _the_hall(author: Partner, feed: str) -> Records:
    """What is about no person: a local offer, an agreement, a course."""
    found = {"url": feed}
    await author.made("/directory/feeds", {"url": feed, "publisher": "A synthetic council"})
    for name, path in (
        ("service", "services"),
        ("organization", "organizations"),
        ("place", "service_at_locations"),
        ("taxonomy", "taxonomies"),
        ("term", "taxonomy_terms"),
    ):
        found[name] = (await author.get(f"/directory/{path}")).json()["contents"][0]["id"]
    place = (await author.get(f"/directory/service_at_locations/{found['place']}")).json()
    found["location"] = place["location"]["id"]
    await _upkeep(author, found)
    today = {"completed_on": "2026-11-01", "expires_on": MONTH[:10]}
    course = {"agency": GUEST, "practitioner": "p-matrix", "course": "matrix-course", **today}
    found["training"] = (await author.made("/partnership/training", course))["training"]
    page = await author.get("/sharing/agreements")
    found["agreement"] = page.json()["agreements"][0]["agreement"]
    return found


async def _upkeep(author: Partner, found: dict[str, str]) -> None:
    """What keeping the local offer needs: a feed that says the same, somebody who corrects it, a link."""
    listing = (await author.get(f"/directory/services/{found['service']}")).json()
    twin = a_service("the matrix's twin", name=listing["name"], url=listing["url"], email=listing["email"])
    listener = listen(0)
    async with served(feed_of([twin]), listener):
        url = f"http://{HOST}:{listener.getsockname()[1]}"
        await author.made("/directory/feeds", {"url": url, "publisher": "Another synthetic council"})
    for name, many in (("feed", "feeds"), ("pull", "pulls"), ("duplicate", "duplicates")):
        found[name] = (await author.get(f"/directory/{many}")).json()[many][0]["id"]
    edit = await author.made(f"/directory/services/{found['service']}/edits", {"changes": {"fees": "Free."}})
    found["review"] = edit["review"]
