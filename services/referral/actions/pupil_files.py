"""Receiving a school's pupil file: good pupils registered, siblings put in one household, bad ones named."""

from dataclasses import asdict
from uuid import UUID

from hub.database import Tx
from hub.sharing import Category
from hub.trace import record
from services.referral.actions import households as household_actions
from services.referral.formats.ctf import Pupil, PupilFile
from services.referral.rules import names
from services.referral.schemas.files import (
    PupilCounts,
    PupilFileReport,
    PupilRefused,
    PupilTaken,
    SiblingsTogether,
)
from services.referral.schemas.households import HouseholdHeard, MemberHeard
from services.referral.schemas.people import HouseholdRole
from services.referral.store import households, people


async def receive(tx: Tx, file: PupilFile, matching_key: bytes) -> PupilFileReport:
    """Register every good pupil of the file in one transaction.

    Returns `registered` (position, person), `households` the file's siblings suggest (a household the
    caller opened before is found again), and `bad` (position, errors).
    """
    persons = {pupil.position: await _register(tx, pupil, matching_key) for pupil in file.pupils}
    return PupilFileReport(
        version=file.version,
        registered=[PupilTaken(position=p, person=person) for p, person in persons.items()],
        households=[await _household(tx, family, persons) for family in _families(file)],
        bad=[PupilRefused(position=bad.position, errors=list(bad.errors)) for bad in file.bad],
        counts=PupilCounts(registered=len(persons), bad=len(file.bad)),
    )


async def _register(tx: Tx, pupil: Pupil, matching_key: bytes) -> UUID:
    person = await people.find_or_make(tx, {"upn": people.digest(matching_key, pupil.upn)})
    given, family = (
        pupil.preferred_given_name or pupil.given_name,
        pupil.preferred_family_name or pupil.family_name,
    )
    await people.keep_identity(
        tx,
        person,
        people.digest(matching_key, names.key(given, family, pupil.date_of_birth)),
        given_name=given,
        family_name=family,
        date_of_birth=pupil.date_of_birth,
        sex=pupil.sex,
        upn=pupil.upn,
        year_group=pupil.year_group,
    )
    if pupil.address:
        await people.keep_address(tx, person, pupil.address.lines, pupil.address.postcode)
    if pupil.attendance:
        await people.keep_attendance(tx, person, **asdict(pupil.attendance))
    await record(tx, "person.registered", person, Category.IDENTITY)
    return person


def _families(file: PupilFile) -> list[list[Pupil]]:
    """The file's pupils by family, each family once, in the file's order."""
    families: dict[frozenset[int], list[Pupil]] = {}
    for pupil in file.pupils:
        families.setdefault(frozenset({pupil.position, *pupil.siblings}), []).append(pupil)
    return list(families.values())


async def _household(tx: Tx, family: list[Pupil], persons: dict[int, UUID]) -> SiblingsTogether:
    members = [persons[pupil.position] for pupil in family]
    household = await households.own_with(tx, members)
    if household is None:
        household = await household_actions.open_household(
            tx,
            HouseholdHeard(
                name=family[0].family_name,
                members=[MemberHeard(person=person, role=HouseholdRole.CHILD) for person in members],
            ),
        )
    return SiblingsTogether(household=household, members=members)
