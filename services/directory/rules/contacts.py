"""Which contacts are a member of staff's own, and so for colleagues only (docs/decisions/0024)."""

import re
import unicodedata

# What stands before the @ of a mailbox that is an office's and not a person's.
SHARED = (
    "admin advice appointments bookings care centre clinic contact council desk duty early education"
    " enquiries enquiry families family fis fyi general group head hello help helpline hub info information"
    " local mail manager nursery office outreach parents playgroup post reception referral referrals school"
    " secretary send sendiass service services support team volunteer welcome young youth"
)
OFFICES = frozenset(SHARED.split())
# The same as SQL, for what is shown of a mailbox without a name.
SHARED_MAILBOX = "(^|[^a-z])(" + "|".join(sorted(OFFICES)) + ")([^a-z][^@]*)?@"
WORD = re.compile(r"[a-z]+")


def is_personal(name: str | None, email: str | None) -> bool:
    """Whether a contact is one person's own mailbox under that person's name.

    A name alone ("ask for Sam") is published, and so is a mailbox that names an office.
    """
    if not name or not email or "@" not in email:
        return False
    mailbox = _words(email.partition("@")[0])
    if OFFICES & {*mailbox, *_words(name)}:
        return False
    own = "".join(mailbox)
    return any(len(word) > 2 and word in own for word in _words(name)) or len(mailbox) > 1


def is_office(email: str) -> bool:
    """Whether a mailbox names an office, and so is nobody's own."""
    return bool(OFFICES & {*_words(email.partition("@")[0])})


def _words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return WORD.findall(folded)
