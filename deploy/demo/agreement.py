"""The synthetic partnership's agreement: drafted by the council, signed by every agency for itself."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from deploy.demo.partnership import EARLY_HELP, PARTNERSHIP, Agency
from hub.caller import Caller, Purpose
from hub.database import Database, Tx
from hub.sharing import Category
from hub.sharing.agreements import Agreement, AgreementTerm, draft, sign

TITLE = "Northshire early help: information sharing agreement (synthetic)"
RENEWED_BEFORE = timedelta(days=60)
LASTS = timedelta(days=730)
IN_FORCE = """
select id from hub.agreement where title = :title and status = 'signed' and gone = '{}'
  and ends > :until and parties = cast(:parties as text[]) limit 1"""


async def signed_by_all(database: Database) -> None:
    """See that one agreement among the whole partnership is in force, for everything it does together."""
    async with database.transaction(_caller(EARLY_HELP), "agree", uuid4()) as tx:
        if await _in_force(tx):
            return
        agreement = await draft(tx, _text())
        await tx.commit()
    for agency in PARTNERSHIP:
        await _sign(database, agency, agreement)


async def _in_force(tx: Tx) -> bool:
    parties = sorted(agency.id for agency in PARTNERSHIP)
    until = datetime.now(UTC) + RENEWED_BEFORE
    return bool(await tx.value(IN_FORCE, title=TITLE, until=until, parties=parties))


async def _sign(database: Database, agency: Agency, agreement: UUID) -> None:
    async with database.transaction(_caller(agency), "agree", uuid4()) as tx:
        await sign(tx, agreement, f"Chief officer, {agency.name}", datetime.now(UTC).date())
        await tx.commit()


def _caller(agency: Agency) -> Caller:
    return Caller(agency.id, agency.client, agency.scopes)


def _text() -> Agreement:
    now = datetime.now(UTC)
    everybody = [agency.id for agency in PARTNERSHIP]
    return Agreement(
        title=TITLE,
        dpia_reference="DPIA-SYNTHETIC-1",
        parties=everybody,
        starts=now - timedelta(days=1),
        expires=now + LASTS,
        terms=[
            AgreementTerm(
                disclosers=everybody,
                receivers=everybody,
                categories=list(Category),
                purposes=list(Purpose),
            )
        ],
    )
