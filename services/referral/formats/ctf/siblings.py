"""Who belongs together, as far as a pupil file tells: pupils with one home and one parent.

An address alone is not enough: unrelated families share a hostel, a refuge, a block of flats. A parent
alone is not either: a child who lives elsewhere may do so for a reason.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from services.referral.formats.ctf.shape import Pupil

# More pupils than this with one "parent" is a placeholder in the school's records, not a family.
LARGEST_FAMILY = 15


def siblings(pupils: Iterable[Pupil]) -> Mapping[int, tuple[int, ...]]:
    """For every pupil's position, the positions of the other children of the same family.

    A parent is a contact with parental responsibility; the same parent has the same name, and the
    same phone or the pupil's own address. Whoever shares a parent with a sibling is a sibling too.
    """
    by_parent: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    families: dict[int, set[int]] = {}
    for pupil in pupils:
        families[pupil.position] = {pupil.position}
        for parent in set(_parents(pupil)):
            by_parent[parent].append(pupil.position)
    for children in by_parent.values():
        if len(children) <= LARGEST_FAMILY:
            together = set[int]().union(*(families[child] for child in children))
            families.update(dict.fromkeys(together, together))
    return {position: tuple(sorted(family - {position})) for position, family in families.items()}


def _parents(pupil: Pupil) -> Iterator[tuple[str, ...]]:
    """Each parent in this pupil's home, once by phone and once by living there."""
    home = pupil.address
    where = f"{' '.join(home.lines)} {home.postcode or ''}".casefold() if home else ""
    for contact in pupil.contacts:
        if contact.parental_responsibility and contact.phone:
            phone = "".join(character for character in contact.phone if character.isdigit())
            yield where, contact.name.casefold(), phone
        if contact.parental_responsibility and contact.lives_with_pupil and where:
            yield where, contact.name.casefold()
