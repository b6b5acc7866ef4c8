"""What synthetic people are called, where they live and what is said of them. None of it is about anybody."""

FIRST_HALVES = (
    *("Sample", "Specimen", "Example", "Figment", "Fable", "Mock", "Pretend", "Invent"),
    *("Fiction", "Trial", "Model", "Dummy", "Synth", "Proto", "Imagin", "Story"),
)
SECOND_HALVES = (
    *("ton", "wick", "worth", "ley", "field", "bridge", "ford", "bury"),
    *("combe", "dale", "gate", "hurst", "mere", "stead", "thorpe", "well"),
)
GIVEN_NAMES = (
    *("Sky", "River", "Robin", "Wren", "Ash", "Rowan", "Sage", "Linden", "Amina", "Yusuf", "Mei", "Zoë"),
    *("Tomasz", "Siân", "Chloé", "Łukasz", "Priya", "Arjun", "Fatima", "Omar", "Niamh", "Rhys", "Ada"),
    *("Kofi", "Esi", "Jun", "Lin", "Noor", "Ivy", "Reuben", "Hana", "Idris", "Maya", "Leo", "Elif", "Sam"),
)
STREETS = (
    *("Sample Street", "Placeholder Road", "Specimen Avenue", "Fictional Close", "Invented Lane"),
    *("Pretend Place", "Example Terrace", "Made Up Mews", "Imaginary Rise", "Storybook Way"),
)
OBSERVATIONS = (
    "Arrived late and without breakfast for the third time this fortnight.",
    "Seemed tired and withdrawn in the morning and did not want to join the group.",
    "Said that there had been shouting at home the night before.",
    "Came in the same clothes as yesterday; the uniform was too small.",
    "Has been collected late by different adults this week.",
    "Left the classroom twice without asking and was found in the cloakroom.",
    "A parent telephoned in tears and asked what help there is.",
    "The family has been told that it may lose its home.",
    "An older sibling has been seen waiting outside school during lessons.",
    "Missed the appointment with the nurse that had been made with the family.",
    "Was unkind to a younger pupil and could not say why.",
    "Drew a picture and talked about it at length with a member of staff.",
    "Homework has not been handed in since the half-term break.",
    "Was brought home by a patrol late in the evening, safe and well.",
    "Received messages from an account nobody in the family knows.",
    "Said that looking after the little ones makes mornings hard.",
    "Friends are worried and came to tell us.",
    "Things are better than last week, and the family says so too.",
)
CHILDRENS_WORDS = (
    "I like it when it is quiet.",
    "I want somebody to help mum.",
    "School is fine but I am tired.",
    "I do not want to move again.",
    "I would like to go to football like the others.",
)
ACTIONS_TAKEN = (
    "Spoke with the child, then with the parent at the gate.",
    "Told the designated safeguarding lead the same day.",
    "Offered breakfast club from tomorrow.",
    "Agreed to telephone the family on Friday.",
)
NEEDS = (
    *("attendance", "parenting support", "housing", "money and benefits", "mental health"),
    *("behaviour", "young carer", "special educational needs", "family relationships"),
)
REASONS = (
    "The family asked for help together.",
    "The parent agreed that one plan would be better than four.",
    "Attendance has fallen and the family wants to turn it round.",
    "Support from school alone has not been enough.",
)
STRENGTHS = (
    "A grandparent lives near and helps in the week.",
    "The children are proud of each other.",
    "The parent comes to every appointment that is made with notice.",
    "There is a good relationship with one member of staff.",
)
WORRIES = (
    "Mornings do not work and sessions are missed.",
    "There is not enough room to sleep or to do homework.",
    "Money runs out before the end of the month.",
    "Nobody has been able to speak with the older sibling.",
)
GOALS = (
    "In school, on time, every day.",
    "A calm evening routine.",
    "A tenancy that is safe from eviction.",
    "Somebody to talk to every week.",
)
ACTIONS = (
    "Meet at the gate for three weeks.",
    "Write to the landlord with the family.",
    "Book and go along to the first appointment.",
    "Ring every Friday and keep a note of what helps.",
)
