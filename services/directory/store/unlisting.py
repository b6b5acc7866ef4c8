"""What is not listed and why. The trigger `stand` keeps it hidden, whatever its feed says."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from hub.database import Tx
from hub.line import Row
from hub.page import beyond, position
from services.directory.store import records
from services.directory.store.freshness import LISTED, OURS, SINCE

MOST = 1000
# A contact that colleagues alone may see is no route for a family.
NO_ROUTE = """
  s.url is null and s.email is null and coalesce(o.email, o.website) is null
  and not exists (select from directory.phone p where p.service_id = s.id and (p.contact_id is null or exists
    (select from directory.contact c where c.service_id = s.id and c.id = p.contact_id
      and c.visibility = 'public')))
  and not exists (select from directory.contact c where c.service_id = s.id and c.visibility = 'public'
    and c.email is not null)
  and not exists (select from directory.schedule d where d.service_id = s.id
    and d.schedule_link is not null)"""
RULES = {
    "stale": (
        f"{SINCE} < now() - make_interval(days => :unlist_after)",
        f"'Nobody has checked it for ' || extract(day from now() - {SINCE}) || ' days.'",
    ),
    "no_contact_route": (NO_ROUTE, "'It has no telephone, e-mail or web address that a family could use.'"),
}


def _unlistable(rules: Sequence[str]) -> str:
    """What the given rules find among the caller's listings: the first rule that holds."""
    cases = " ".join(f"when {RULES[rule][0]} then array['{rule}', {RULES[rule][1]}]" for rule in rules)
    return (
        "select s.id, s.feed, s.name, o.name as organization, s.hidden_at, directory.provider_of(s.id) as"
        f" provider, case {cases} end as found"
        " from directory.service s left join directory.organization o on o.id = s.organization_id"
        f" where s.agency = {OURS} and {LISTED} and s.visibility = 'public'"
    )


async def unlistable(tx: Tx, rules: Sequence[str], unlist_after: int) -> tuple[int, Sequence[Row]]:
    """How many services the rules would unlist, and the first thousand of them."""
    if not rules:
        return 0, []
    values = {"unlist_after": unlist_after} if "stale" in rules else {}
    rows = await tx.rows(
        f"select id as service, feed, name, organization, hidden_at, provider, found[1] as rule,"
        f" found[2] as reason, count(*) over () as every from ({_unlistable(rules)}) found"
        f" where found is not null order by name, id limit {MOST}",
        **values,
    )
    return (rows[0]["every"] if rows else 0), rows


async def unlist(tx: Tx, service: UUID, rule: str, reason: str, provider: str | None) -> bool:
    """Take a service off every list, at once. False where something keeps it off already."""
    done = await tx.value(
        "insert into directory.unlisting (id, service_id, provider, rule, reason, hidden_before)"
        " select :id, s.id, :provider, :rule, :reason, s.hidden_at"
        " from directory.service s where s.id = :service"
        " on conflict (service_id) where relisted_at is null do nothing returning true",
        id=uuid4(),
        service=service,
        rule=rule,
        reason=reason,
        provider=provider,
    )
    if not done:
        return False
    await tx.run(
        "update directory.service set hidden_at = coalesce(hidden_at, now()), updated_at = now()"
        " where id = :service",
        service=service,
    )
    return True


async def relist(tx: Tx, service: UUID, because: str) -> bool:
    """Bring a service back as it was before it was unlisted. False where nothing keeps it off the lists."""
    found = await tx.rows(
        "update directory.unlisting set relisted_at = now(), relisted_because = :because,"
        " relisted_by = current_setting('hub.practitioner')"
        " where service_id = :service and relisted_at is null returning hidden_before",
        service=service,
        because=because,
    )
    if not found:
        return False
    await tx.run(
        "update directory.service set hidden_at = :before, updated_at = now() where id = :service",
        service=service,
        before=found[0]["hidden_before"],
    )
    return True


async def settle(tx: Tx, feeds: set[UUID]) -> None:
    """Organisations show as long as one of their services does."""
    for feed in feeds:
        await records.settle_organizations(tx, feed)


async def in_force(tx: Tx, service: UUID) -> str | None:
    """The rule by which a service is not listed; None if it is."""
    return await tx.value(
        "select rule from directory.unlisting where service_id = :service and relisted_at is null",
        service=service,
    )


async def page(tx: Tx, limit: int, moment: datetime | None, identity: UUID | None) -> Sequence[Row]:
    """What is not listed of the caller's, newest first."""
    return await tx.rows(
        "select u.service_id as service, s.name, u.rule, u.reason, u.unlisted_at,"
        f" {position('u.unlisted_at', 'u.id')} from directory.unlisting u"
        " join directory.service s on s.id = u.service_id"
        f" where u.relisted_at is null and {beyond('u.unlisted_at', 'u.id')}"
        " order by u.unlisted_at desc, u.id desc limit cast(:limit as int)",
        limit=limit,
        moment=moment,
        identity=identity,
    )
