"""The synthetic partnership's OAuth clients: how the hub gets to know them."""

from collections.abc import Mapping
from uuid import uuid4

from deploy.demo import agreement
from deploy.demo.partnership import REGISTERED
from deploy.tokens import ClientKey, TokenRefused, token_for
from gateway.oauth import clients
from hub.caller import PURPOSE_SCOPE, ClientId, Purpose
from hub.database import Database
from hub.settings import Settings

__all__ = ["ClientKey", "TokenRefused", "register_partnership", "token_for"]


async def register_partnership(
    gateway: Settings, public_keys: Mapping[ClientId, Mapping[str, str | list[str]]]
) -> None:
    """Register every agency of the partnership and its client, under the gateway's own role.

    They all sign the partnership's agreement too: without one they could share nothing.
    """
    database = Database(gateway.need("database_url"), 1)
    async with database.transaction(None, "register", uuid4()) as tx:
        for agency in REGISTERED:
            await clients.join(tx, agency.id, agency.name, agency.type)
            key = public_keys[agency.client]
            scopes = [*agency.scopes, *(PURPOSE_SCOPE + purpose for purpose in Purpose)]
            await clients.register(tx, agency.client, agency.id, agency.name, [key], scopes)
        await tx.commit()
    await agreement.signed_by_all(database)
    await database.close()
