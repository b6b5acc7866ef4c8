"""Who belongs together, as far as a pupil file tells: pupils with the same parent.

An address alone is not enough: unrelated families share a hostel, a refuge, a block of flats.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from services.referral.formats.ctf.shape import Pupil

# More pupils than this with one "parent" is a placeholder in the school's records, not a family.
LARGEST_FAMILY = 15


def siblings(pupils: Iterable[Pupil]) -> Mapping[int, tuple[int, ...]]:
    """For every pupil's position, the positions of pupils who share a parent with them.

    A parent is a contact with parental responsibility; the same parent has the same name, and the
    same phone or, living with the pupil, the same address.
    """
    everyone = list(pupils)
    by_parent: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    for pupil in everyone:
        for parent in _parents(pupil):
            by_parent[parent].add(pupil.position)
    related: dict[int, set[int]] = {pupil.position: set() for pupil in everyone}
    for children in by_parent.values():
        if len(children) <= LARGEST_FAMILY:
            for child in children:
                related[child] |= children - {child}
    return {position: tuple(sorted(others)) for position, others in related.items()}


def _parents(pupil: Pupil) -> Iterator[tuple[str, str]]:
    home = pupil.address
    for contact in pupil.contacts:
        if not contact.parental_responsibility:
            continue
        name = contact.name.casefold()
        if contact.phone:
            yield name, "".join(digit for digit in contact.phone if digit.isdigit())
        if contact.lives_with_pupil and home:
            yield name, f"{' '.join(home.lines)} {home.postcode or ''}".casefold()
