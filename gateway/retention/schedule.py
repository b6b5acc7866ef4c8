"""The retention schedule: how long each kind of record is kept, from when, and by what authority. Pure.

These are a hub's first rules. A partnership replaces any of them (`PUT /retention/rules/{category}`); its
record of processing prints those in force. Practice is named as practice, law as law,
and our own rule as ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from hub.sharing import Category

# What records are sorted by: the sharing categories, and what the hub itself keeps.
KeptCategory: TypeAlias = Category | Literal["access_log", "sharing_ledger"]

ACCESS_LOG = "access_log"
LEDGER = "sharing_ledger"
UNKNOWN_BIRTHDAY = 25

IRMS = "IRMS Toolkit for Schools: pupil and child protection files, date of birth + 25 years (practice)"
COUNCILS = "Our rule: the 25th birthday, as several councils keep children's case files (practice differs)"
SEND = "IRMS Toolkit for Schools: special educational needs, date of birth + 31 years (practice)"
NHS = "NHS Records Management Code of Practice (2023): the 25th birthday, or 26th if 17 at the end"
MENTAL = "NHS Records Management Code of Practice (2023): mental health, 20 years after the last contact"
REGISTER = "School Attendance (Pupil Registration) (England) Regulations 2024: every entry, for 6 years"
LIMITATION = "Limitation Act 1980, section 2: claims may be brought for 6 years"
MINIMAL = "UK GDPR, Article 5(1)(c) and (e): no longer than it is needed"
ACCOUNT = "UK GDPR, Article 5(2): the hub must be able to show who saw what, and why"


@dataclass(frozen=True)
class Rule:
    """Keep `category` for years after the last contact, and until a birthday: whichever comes later.

    `on_request`: it rests on the family's wish alone, and is erased when they ask, whatever the years say.
    `words` are for the family, and finish the sentence "We keep this because ...".
    """

    category: str
    after_contact: int | None
    until_birthday: int | None
    on_request: bool
    source: str
    words: str


CHILD = "somebody who was a child then may need it as an adult, and may ask or claim until they are 25"
HELPED = "it says how the family was helped, and may be asked about by a court or by the child later"
WANTED = "the family asked for help with it"

DEFAULTS = (
    Rule(Category.EXISTENCE, 6, None, False, LIMITATION, "it says which agencies worked with the family"),
    Rule(Category.IDENTITY, 6, 25, False, COUNCILS, CHILD),
    Rule(Category.HOME_ADDRESS, 1, None, True, MINIMAL, "we may need to reach the family"),
    Rule(Category.HOUSEHOLD, 6, 25, False, COUNCILS, HELPED),
    Rule(Category.CONCERN, 6, 25, False, IRMS, "it is about the safety of a child, and " + CHILD),
    Rule(Category.REQUEST_FOR_HELP, 6, 25, False, COUNCILS, HELPED),
    Rule(Category.ATTENDANCE, 6, None, False, REGISTER, "schools must keep their registers by law"),
    Rule(Category.SEND, 6, 31, False, SEND, "special support may last until 25, and claims beyond it"),
    Rule(Category.HEALTH_PHYSICAL, 8, 26, False, NHS, "health records of children are kept that long"),
    Rule(Category.HEALTH_MENTAL, 20, 26, False, MENTAL, "mental health records are kept that long"),
    Rule(Category.SOCIAL_CARE, 6, 25, False, COUNCILS, HELPED),
    Rule(Category.POLICE, 6, None, False, LIMITATION, "what the police said may matter to a claim"),
    Rule(Category.HOUSING, 6, None, True, LIMITATION, WANTED),
    Rule(Category.FINANCE, 2, None, True, MINIMAL, WANTED),
    Rule(Category.DOMESTIC_ABUSE, 6, 25, False, IRMS, "it is about somebody's safety, and " + CHILD),
    Rule(Category.SUBSTANCE, 6, None, False, LIMITATION, HELPED),
    Rule(Category.IMMIGRATION, 2, None, True, MINIMAL, WANTED),
    Rule(Category.WISHES, 6, 25, False, COUNCILS, "they are the child's own words, and " + CHILD),
    Rule(Category.PLAN, 6, 25, False, COUNCILS, HELPED),
    Rule(Category.MINUTES, 6, 25, False, COUNCILS, HELPED),
    Rule(Category.NOTES, 6, 25, False, COUNCILS, HELPED),
    Rule(Category.THIRD_PARTY, 6, 25, False, COUNCILS, "it is about somebody else too"),
    Rule(ACCESS_LOG, 6, None, False, ACCOUNT, "it shows the family who looked at their records"),
    Rule(LEDGER, 6, 25, False, ACCOUNT, "it shows the family what they agreed to"),
)
CATEGORIES = tuple(rule.category for rule in DEFAULTS)
STRICTEST = Rule("", 6, 25, False, COUNCILS, HELPED)


def rule_for(rules: Mapping[str, Rule], category: str) -> Rule:
    """The rule of a category. One that a later release brings is kept as case files are."""
    return rules.get(category, STRICTEST)


def kept_until(rule: Rule, contact: date, born: date | None) -> date:
    """The first day on which nothing keeps it any more. Without a birthday, 25 years from there."""
    until = years_after(contact, rule.after_contact or 0)
    if rule.until_birthday is not None:
        birthday = years_after(born, rule.until_birthday) if born else years_after(contact, UNKNOWN_BIRTHDAY)
        until = max(until, birthday)
    return until


def years_after(day: date, years: int) -> date:
    """The same day that many years later; 1 March for 29 February where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def shortest(rules: Mapping[str, Rule]) -> int:
    """How long after the last contact the first thing can be due, in years."""
    return min(rule.after_contact or 0 for rule in rules.values())
