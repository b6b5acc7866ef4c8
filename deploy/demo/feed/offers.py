"""Twenty-six services that do not exist, for streets of BS5 that do. Every name says it is synthetic."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Organisation:
    """Somebody who runs services."""

    name: str
    about: str
    charity: str | None = None
    visibility: str | None = None


@dataclass(frozen=True)
class Offer:
    """One service: whose, for whom, where and when."""

    name: str
    by: str
    about: str
    terms: tuple[str, ...]
    postcode: str | None
    when: str = ""
    ages: tuple[int, int] | None = None
    cost: float | None = None
    language: str | None = None
    visibility: str | None = None


COUNCIL, CHARITY, FOOD, ADVICE, HEALTH, SAFE = "council", "charity", "food", "advice", "health", "safe"

ORGANISATIONS = {
    COUNCIL: Organisation("Northshire Council (synthetic)", "The synthetic council of the demo."),
    CHARITY: Organisation(
        "Harbour Family Charity (synthetic)", "Help for parents, made up for the demo.", "0000001"
    ),
    FOOD: Organisation("Example Pantry Network", "Food for whoever needs it. Synthetic.", "0000002"),
    ADVICE: Organisation("Sample Street Advice", "Money, housing and rights. Synthetic.", "0000003"),
    HEALTH: Organisation("Riverside Community Health (synthetic)", "Health visiting and school nursing."),
    SAFE: Organisation("Example Safe Homes", "A refuge provider, synthetic.", "0000004", "internal"),
}

# Each term by its place in the tree.
TERMS = {
    "Family support": None,
    "Parenting": "Family support",
    "Family hub": "Family support",
    "Young carers": "Family support",
    "Food": None,
    "Food bank": "Food",
    "Breakfast club": "Food",
    "Money and housing": None,
    "Debt advice": "Money and housing",
    "Housing advice": "Money and housing",
    "Health and wellbeing": None,
    "Counselling": "Health and wellbeing",
    "Health visiting": "Health and wellbeing",
    "SEND": None,
    "Youth": None,
    "School attendance": None,
    "Domestic abuse": None,
}

OFFERS = (
    Offer(
        "Example Family Hub, Easton",
        COUNCIL,
        "One door to help for families, from bump to 19.",
        ("Family hub",),
        "BS5 6LA",
        "MO,TU,WE,TH,FR 09:00-17:00",
        (0, 19),
        0,
    ),
    Offer(
        "Example Family Hub, St George",
        COUNCIL,
        "Stay and play, benefits advice and a health visitor.",
        ("Family hub",),
        "BS5 7DR",
        "MO,WE,FR 09:00-16:00",
        (0, 19),
        0,
    ),
    Offer(
        "Sunrise Breakfast Club (synthetic)",
        COUNCIL,
        "A free breakfast before school; siblings welcome.",
        ("Breakfast club", "School attendance"),
        "BS5 6TQ",
        "MO,TU,WE,TH,FR 07:45-08:45",
        (4, 11),
        0,
    ),
    Offer(
        "Getting In, Getting On (synthetic)",
        COUNCIL,
        "A mentor for children who find mornings hard.",
        ("School attendance",),
        "BS5 0HS",
        "TU,TH 15:30-17:30",
        (8, 16),
        0,
    ),
    Offer(
        "Example Parenting Group",
        CHARITY,
        "Eight evenings on calm routines, with a crèche.",
        ("Parenting",),
        "BS5 6LA",
        "TU 18:00-20:00",
        None,
        0,
    ),
    Offer(
        "Example Dads Together",
        CHARITY,
        "Saturday mornings for fathers and their children.",
        ("Parenting",),
        "BS5 9LE",
        "SA 10:00-12:00",
        None,
        0,
    ),
    Offer(
        "Example Volunteer Visitors",
        CHARITY,
        "A volunteer who comes to your home for two hours a week.",
        ("Family support",),
        None,
        "",
        (0, 5),
        0,
    ),
    Offer(
        "Young Carers Tuesday (synthetic)",
        CHARITY,
        "A break, a meal and somebody to talk to.",
        ("Young carers", "Youth"),
        "BS5 0HS",
        "TU 16:00-19:00",
        (8, 18),
        0,
    ),
    Offer(
        "Example Sibling Space",
        CHARITY,
        "For brothers and sisters of disabled children.",
        ("SEND", "Young carers"),
        "BS5 8AA",
        "SA 10:00-13:00",
        (5, 16),
        2,
    ),
    Offer(
        "Example Food Bank, Easton",
        FOOD,
        "Three days of food; no voucher on a first visit.",
        ("Food bank",),
        "BS5 0JD",
        "MO,TH 10:00-13:00",
        None,
        0,
    ),
    Offer(
        "Example Community Pantry",
        FOOD,
        "A weekly shop for a few pounds.",
        ("Food bank",),
        "BS5 7DR",
        "WE 12:00-18:00",
        None,
        4.5,
    ),
    Offer(
        "Example Holiday Lunch Club",
        FOOD,
        "Lunch and play in the school holidays.",
        ("Food", "Youth"),
        "BS5 6TQ",
        "MO,TU,WE,TH,FR 11:00-14:00",
        (5, 12),
        0,
    ),
    Offer(
        "Sample Street Debt Advice",
        ADVICE,
        "Rent arrears, council tax and energy debt; a first visit today.",
        ("Debt advice",),
        "BS5 6LA",
        "MO,WE,FR 09:30-15:30",
        None,
        0,
    ),
    Offer(
        "Sample Street Debt Helpline",
        ADVICE,
        "Debt advice by telephone, anywhere in England.",
        ("Debt advice",),
        None,
        "MO,TU,WE,TH,FR 09:00-18:00",
        None,
        0,
    ),
    Offer(
        "Sample Street Housing Advice",
        ADVICE,
        "Keeping your home, repairs, and moving on.",
        ("Housing advice",),
        "BS5 6LA",
        "TU,TH 10:00-16:00",
        None,
        0,
    ),
    Offer(
        "Example Tenancy Support",
        COUNCIL,
        "A named worker for families at risk of losing a tenancy.",
        ("Housing advice",),
        "BS5 9LE",
        "MO,TU,WE,TH,FR 09:00-17:00",
        None,
        0,
    ),
    Offer(
        "Poradnia Przykład / Example Advice in Polish",
        ADVICE,
        "Advice in Polish about benefits and housing.",
        ("Housing advice", "Debt advice"),
        "BS5 0HS",
        "FR 13:00-17:00",
        None,
        0,
        "pl",
    ),
    Offer(
        "Example Youth Counselling",
        HEALTH,
        "Ten sessions, in school or in town. Self-referral from 13.",
        ("Counselling", "Youth"),
        "BS5 0JD",
        "MO,TU,WE,TH 12:00-19:00",
        (11, 25),
        0,
    ),
    Offer(
        "Example Parents' Counselling",
        HEALTH,
        "For mothers and fathers who feel low after a birth.",
        ("Counselling",),
        "BS5 7DR",
        "TH 09:30-14:30",
        None,
        10,
    ),
    Offer(
        "Example Health Visitor Clinic",
        HEALTH,
        "Weighing, feeding and sleep. No appointment.",
        ("Health visiting",),
        "BS5 6LA",
        "WE 13:00-15:00",
        (0, 5),
        0,
    ),
    Offer(
        "Example School Nurse Drop-in",
        HEALTH,
        "Health questions big and small.",
        ("Health visiting", "Youth"),
        "BS5 6TQ",
        "TH 12:15-13:15",
        (11, 16),
        0,
    ),
    Offer(
        "SEND Saturday Drop-in (synthetic)",
        COUNCIL,
        "Advice on assessments and plans, and a quiet room.",
        ("SEND",),
        "BS5 8AA",
        "SA 09:30-12:30",
        (0, 25),
        0,
    ),
    Offer(
        "Example Autism Parents' Circle",
        CHARITY,
        "Parents who have been there. Before and after diagnosis.",
        ("SEND", "Parenting"),
        "BS5 9LE",
        "MO 19:00-21:00",
        None,
        0,
    ),
    Offer(
        "Example Open Door Youth Club",
        CHARITY,
        "Table tennis, cooking, music. Just come.",
        ("Youth",),
        "BS5 0HS",
        "WE,FR 18:00-21:00",
        (11, 17),
        0.5,
    ),
    Offer(
        "Practitioners' Consultation Line (synthetic)",
        COUNCIL,
        "For colleagues: talk a family through.",
        ("Family support",),
        None,
        "MO,TU,WE,TH,FR 09:00-16:00",
        None,
        0,
        None,
        "partner",
    ),
    Offer(
        "Example Safe House",
        SAFE,
        "A refuge. Referral by a professional only; its place is never published.",
        ("Domestic abuse",),
        "BS5 0JD",
        "",
        None,
        0,
        None,
        "internal",
    ),
)
