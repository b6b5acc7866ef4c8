"""What the pages for providers say, in English and in Welsh."""

from collections.abc import Mapping
from datetime import datetime

LANGUAGES = ("en", "cy")

ENGLISH = {
    "code": "en-GB",
    "name": "English",
    "skip": "Skip to the text",
    "home": "Early Help Hub",
    "question": "Is this listing still right?",
    "lead": "This is what families see of a service run by $organization.",
    "checked": "Last checked on $date.",
    "unchecked": "Nobody has checked it yet.",
    "description": "What it is",
    "status": "Running",
    "phones": "Telephone",
    "email": "Email",
    "url": "Website",
    "fees": "What it costs",
    "ages": "Ages",
    "times": "When",
    "places": "Where",
    "alert": "Notice",
    "none": "Not given",
    "active": "Yes",
    "temporarily closed": "Closed for now",
    "inactive": "Not running",
    "defunct": "Closed for good",
    "from_to": "$low to $high",
    "from": "From $low",
    "up_to": "Up to $high",
    "right": "Yes, it is all still right",
    "changed": "Something has changed",
    "or": "or",
    "enough": "That is all we need. There is nothing to sign in to, and nobody asks for your name.",
    "about": "This link is for this one listing. It works once, until $date.",
    "change_title": "What has changed?",
    "change_lead": "Change what is wrong and leave the rest. Somebody looks at it before families see it.",
    "running": "Is the service running?",
    "phone": "Telephone number",
    "phone_more": "Another telephone number",
    "optional": "optional",
    "email_hint": "An office address, such as office@example.org. A person's own is not published.",
    "youngest": "Youngest age",
    "oldest": "Oldest age",
    "age_hint": "In whole years. Leave it empty if there is no limit.",
    "new_times": "New days and times",
    "times_hint": "For example: Mondays in term time, 9:30am to midday. Now: $now",
    "times_hint_none": "For example: Mondays in term time, 9:30am to midday.",
    "else": "Anything else?",
    "else_hint": "Please do not write about a child or a family.",
    "send": "Send the changes",
    "back": "Go back to the listing",
    "problem": "There is a problem",
    "error": "Error",
    "bad_phone": "Telephone numbers have digits, spaces and + only, such as 0117 496 0001",
    "bad_email": "Enter an email address like office@example.org",
    "bad_url": "Enter a web address that starts with https:// or http://",
    "bad_age": "Enter an age in years between 0 and 150, such as 11",
    "bad_ages": "The youngest age must not be above the oldest",
    "too_long": "Use fewer words",
    "nothing": "Change something, or write what has changed",
    "thanks": "Thank you",
    "thanks_right": "Families now see that this listing was checked today.",
    "thanks_changed": "Somebody will look at what you told us. Then families will see it.",
    "close": "You can close this page.",
    "not_good": "This link cannot be used",
    "not_good_why": "It was used already, it has run out, or only part of it was copied.",
    "not_good_do": "If you have just answered, all is well. If your listing needs a change, ask whoever"
    " sent you the link for a new one.",
    "away": "Please try again in a few minutes",
    "away_why": "We could not save your answer just now. Your link still works.",
}
WELSH = {
    "code": "cy",
    "name": "Cymraeg",
    "skip": "Neidio i'r testun",
    "home": "Early Help Hub",
    "question": "A yw'r cofnod hwn yn dal yn gywir?",
    "lead": "Dyma y mae teuluoedd yn ei weld am wasanaeth a ddarperir gan $organization.",
    "checked": "Gwiriwyd ddiwethaf ar $date.",
    "unchecked": "Nid oes neb wedi ei wirio eto.",
    "description": "Beth ydyw",
    "status": "Ar gael",
    "phones": "Ffôn",
    "email": "E-bost",
    "url": "Gwefan",
    "fees": "Y gost",
    "ages": "Oedran",
    "times": "Pryd",
    "places": "Ble",
    "alert": "Hysbysiad",
    "none": "Heb ei roi",
    "active": "Ydy",
    "temporarily closed": "Ar gau am y tro",
    "inactive": "Ddim yn rhedeg",
    "defunct": "Wedi cau am byth",
    "from_to": "$low i $high",
    "from": "O $low",
    "up_to": "Hyd at $high",
    "right": "Ydy, mae popeth yn dal yn gywir",
    "changed": "Mae rhywbeth wedi newid",
    "or": "neu",
    "enough": "Dyna'r cyfan sydd ei angen. Nid oes angen mewngofnodi, ac nid oes neb yn gofyn am eich enw.",
    "about": "Mae'r ddolen hon ar gyfer y cofnod hwn yn unig. Mae'n gweithio unwaith, tan $date.",
    "change_title": "Beth sydd wedi newid?",
    "change_lead": "Newidiwch yr hyn sy'n anghywir a gadewch y gweddill. Bydd rhywun yn edrych arno cyn i"
    " deuluoedd ei weld.",
    "running": "A yw'r gwasanaeth ar gael?",
    "phone": "Rhif ffôn",
    "phone_more": "Rhif ffôn arall",
    "optional": "dewisol",
    "email_hint": "Cyfeiriad swyddfa, megis swyddfa@example.org. Ni chyhoeddir cyfeiriad unigolyn.",
    "youngest": "Oedran ieuengaf",
    "oldest": "Oedran hynaf",
    "age_hint": "Mewn blynyddoedd cyfan. Gadewch yn wag os nad oes terfyn.",
    "new_times": "Dyddiau ac amserau newydd",
    "times_hint": "Er enghraifft: dydd Llun yn ystod y tymor, 9:30am hyd ganol dydd. Nawr: $now",
    "times_hint_none": "Er enghraifft: dydd Llun yn ystod y tymor, 9:30am hyd ganol dydd.",
    "else": "Unrhyw beth arall?",
    "else_hint": "Peidiwch ag ysgrifennu am blentyn na theulu.",
    "send": "Anfon y newidiadau",
    "back": "Yn ôl at y cofnod",
    "problem": "Mae problem",
    "error": "Gwall",
    "bad_phone": "Dim ond rhifau, bylchau a + sydd mewn rhif ffôn, megis 0117 496 0001",
    "bad_email": "Rhowch gyfeiriad e-bost megis swyddfa@example.org",
    "bad_url": "Rhowch gyfeiriad gwe sy'n dechrau gyda https:// neu http://",
    "bad_age": "Rhowch oedran mewn blynyddoedd rhwng 0 a 150, megis 11",
    "bad_ages": "Ni all yr oedran ieuengaf fod yn uwch na'r hynaf",
    "too_long": "Defnyddiwch lai o eiriau",
    "nothing": "Newidiwch rywbeth, neu ysgrifennwch beth sydd wedi newid",
    "thanks": "Diolch",
    "thanks_right": "Mae teuluoedd bellach yn gweld bod y cofnod hwn wedi'i wirio heddiw.",
    "thanks_changed": "Bydd rhywun yn edrych ar yr hyn a ddywedoch. Yna bydd teuluoedd yn ei weld.",
    "close": "Gallwch gau'r dudalen hon.",
    "not_good": "Ni ellir defnyddio'r ddolen hon",
    "not_good_why": "Fe'i defnyddiwyd eisoes, mae wedi dod i ben, neu dim ond rhan ohoni a gopïwyd.",
    "not_good_do": "Os ydych newydd ateb, mae popeth yn iawn. Os oes angen newid eich cofnod, gofynnwch am"
    " ddolen newydd gan bwy bynnag a'i hanfonodd.",
    "away": "Rhowch gynnig arall arni ymhen ychydig funudau",
    "away_why": "Ni allem gadw eich ateb nawr. Mae eich dolen yn dal i weithio.",
}
WORDS: Mapping[str, Mapping[str, str]] = {"en": ENGLISH, "cy": WELSH}

MONTHS = {
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
    "cy": (
        "Ionawr", "Chwefror", "Mawrth", "Ebrill", "Mai", "Mehefin",
        "Gorffennaf", "Awst", "Medi", "Hydref", "Tachwedd", "Rhagfyr",
    ),
}  # fmt: skip
CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DAYS = {
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    "cy": [f"dydd {day}" for day in ("Llun", "Mawrth", "Mercher", "Iau", "Gwener", "Sadwrn", "Sul")],
}
MONTHLY = {"en": "monthly", "cy": "bob mis"}
TO = {"en": "to", "cy": "i"}


def day(moment: datetime, language: str) -> str:
    """`3 March 2026`, `3 Mawrth 2026`."""
    return f"{moment.day} {MONTHS[language][moment.month - 1]} {moment.year}"


def weekdays(codes: str, language: str) -> str:
    """The names of days as RFC 5545 writes them: `MO,TH`; `1MO` counts in a month."""
    named = [DAYS[language][CODES.index(code[-2:])] for code in codes.split(",") if code[-2:] in CODES]
    said = ", ".join(named)
    return said[:1].upper() + said[1:]
