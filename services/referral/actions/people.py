"""Registering people and reading them back. The same UPN or NHS number is the same person (decision 0009)."""

from collections.abc import Sequence
from uuid import UUID

from hub.database import Tx
from hub.problem import NotFound
from hub.sharing import Category
from hub.trace import record, refuse
from services.referral.rules import identifiers, names
from services.referral.schemas.people import ByUpn, PersonHeard
from services.referral.store import people


async def register(tx: Tx, heard: PersonHeard, matching_key: bytes) -> UUID:
    """Write the caller's own account of a person; returns the person's id.

    Says nothing of whether anyone else knows them: the id is random either way. Raises UpnNotValid,
    UpnCheckLetterWrong, NhsNumberNotValid, PostcodeNotValid.
    """
    keys: dict[str, bytes] = {}
    upn = identifiers.upn(heard.upn) if heard.upn else None
    if upn:
        keys["upn"] = people.digest(matching_key, upn)
    if heard.nhs_number:
        keys["nhs_number"] = people.digest(matching_key, identifiers.nhs_number(heard.nhs_number))
    known_as = names.key(heard.given_name, heard.family_name, heard.date_of_birth)
    name = people.digest(matching_key, known_as)
    person = await people.find_or_make(tx, keys, name)
    facts = heard.model_dump(include={"given_name", "family_name", "date_of_birth", "sex", "year_group"})
    await people.keep_identity(tx, person, name, **facts, upn=upn)
    if heard.address:
        postcode = identifiers.postcode(heard.address.postcode)
        await people.keep_address(tx, person, heard.address.lines, postcode)
    await record(tx, "person.registered", person, Category.IDENTITY)
    return person


async def show_birthdays(tx: Tx, asked: Sequence[UUID]) -> bytes:
    """When they were born, as far as the caller may see; each of whom it knows nothing is a refusal.

    Raises NotFound where it shows nobody's.
    """
    unknown = await people.find_unknown(tx, asked)
    tx.asked.extend(unknown)
    if unknown:
        await refuse(tx, NotFound.slug(), unknown)
    return await tx.show(people.BIRTHDAYS, people=list(asked))


async def find(tx: Tx, by: ByUpn, matching_key: bytes) -> bytes:
    """The caller's own pupil by UPN; NotFound for anyone else's, known to the hub or not."""
    person = await people.find_own(tx, people.digest(matching_key, identifiers.upn(by.upn)))
    if person is None:
        raise NotFound
    return await tx.show(people.PERSON, person=person)
