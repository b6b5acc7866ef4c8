"""The words of the family for what the hub calls by names of its own: categories, kinds of record, fields."""

from hub.sharing import Category
from hub.sharing.overrides import ReasonCode

CATEGORIES = {
    Category.EXISTENCE: "Who works with the family",
    Category.IDENTITY: "Names, birthdays and numbers",
    Category.HOME_ADDRESS: "Addresses",
    Category.HOUSEHOLD: "Who belongs to the family",
    Category.CONCERN: "Concerns about a child's safety",
    Category.REQUEST_FOR_HELP: "Requests for help",
    Category.ATTENDANCE: "School attendance",
    Category.SEND: "Special educational needs",
    Category.HEALTH_PHYSICAL: "Physical health",
    Category.HEALTH_MENTAL: "Mental health",
    Category.SOCIAL_CARE: "Social care",
    Category.POLICE: "What the police said",
    Category.HOUSING: "Housing",
    Category.FINANCE: "Money and benefits",
    Category.DOMESTIC_ABUSE: "Domestic abuse",
    Category.SUBSTANCE: "Alcohol and drugs",
    Category.IMMIGRATION: "Immigration",
    Category.WISHES: "Wishes and feelings",
    Category.PLAN: "Assessments and plans",
    Category.MINUTES: "Minutes of meetings",
    Category.NOTES: "Professionals' notes",
    Category.THIRD_PARTY: "About somebody else",
}
KINDS = {
    "access_log": "The log of who looked",
    "sharing_ledger": "Decisions about sharing",
    "identity": "Names, birthdays and numbers",
    "member": "Who belongs to the family",
    "household": "The family as a household",
    "referral": "Requests for help",
    "move": "What became of requests for help",
    "triage": "Why a request was decided as it was",
    "involvement": "Who works with the family",
    "engagement": "That the family agreed to take part",
    "engagement_end": "That the family stopped taking part",
    "assessment": "Assessments",
    "assessment_move": "Steps of an assessment",
    "plan": "Plans",
    "plan_move": "Steps of a plan",
    "goal": "Goals",
    "action": "What somebody was to do",
    "action_move": "What became of it",
    "offer": "Local services offered",
    "meeting": "Meetings",
    "minute": "Minutes of meetings",
}
PARTS = {
    "household": "The household",
    "members": "Who belongs to the family",
    "identities": "Names, birthdays and numbers",
    "addresses": "Addresses",
    "attendance": "School attendance",
    "concerns": "Concerns",
    "involvements": "Who works with the family",
    "referrals": "Requests for help",
    "moves": "What became of requests for help",
    "triage": "Why requests were decided as they were",
    "engagements": "Agreeing to take part",
    "assessments": "Assessments",
    "assessment_moves": "Steps of the assessments",
    "sections": "What was found in the assessments",
    "plans": "Plans",
    "plan_moves": "Steps of the plans",
    "goals": "Goals",
    "actions": "Who does what",
    "offers": "Local services offered",
    "meetings": "Meetings",
    "minutes": "Minutes of meetings",
}

FIELDS = {
    "lines": "Address",
    "upn": "Unique pupil number",
    "according_to": "According to",
    "updated_at": "Last changed",
    "created_at": "Recorded",
    "received_at": "Received",
    "submitted_at": "Sent",
    "occurred_at": "Happened",
    "decide_by": "To be decided by",
    "starts": "Since",
    "ends": "Until",
    "starts_at": "When",
    "at": "Recorded",
    "by": "Recorded by",
    "lead": "Leads",
    "narrative": "What was written",
    "words_of_the_child": "The child's own words",
    "school_rag": "The school's colour",
    "rag": "Colour",
    "given_by": "Said by",
    "given_on": "Said on",
    "number": "Step",
    "text": "What was written",
}
# What says something by a code of the hub's. Every other field stands as it was written.
CODED = {
    *("area", "capacity", "category", "decision", "dimension", "framework", "kind", "method", "needs"),
    *("rag", "return_reason", "role", "scheme", "school_rag", "sex", "standing", "status", "tier"),
}
VALUES = {
    "F": "Female",
    "M": "Male",
    "U": "Not known",
    "pr_holder": "Somebody with parental responsibility",
    "gillick_competent": "A child able to decide this for themselves",
    "young_person": "A young person aged 16 or over",
    "early_help": "Early help",
    "social_care": "Children's social care",
    "step_up": "More help is needed",
    "step_down": "Less help is needed",
    "signposted": "Told of a service that can help",
    "single_agency": "Help from one agency",
    "single_agency_can_meet": "One agency can help by itself",
    "no_agreement": "The family had not agreed",
    "threshold_not_met": "Another kind of help fits better",
    "education_send": "Education and special educational needs",
    "mash": "The MASH's own",
}
# Why an agency looked without waiting for anybody's word.
REASONS = {
    ReasonCode.IMMEDIATE_RISK: "Somebody was at immediate risk of harm",
    ReasonCode.MISSING_CHILD: "A child was missing",
    ReasonCode.MEDICAL_EMERGENCY: "There was a medical emergency",
    ReasonCode.COURT_DIRECTION: "A court had directed it",
}


def value_in_words(field: str, value: str) -> str:
    """A value as a family would call it where the field holds a code of the hub's; else as it was written."""
    if field not in CODED:
        return value
    if " " in value:
        return value[0].upper() + value[1:]
    if field == "category":
        return category_in_words(value)
    return VALUES.get(value) or (plain(value) if value.islower() else value)


def field_in_words(name: str) -> str:
    """A field of a record as its label says it."""
    return FIELDS.get(name, plain(name))


def category_in_words(category: str) -> str:
    """A sharing category as a family would call it."""
    return {str(known): words for known, words in CATEGORIES.items()}.get(category, plain(category))


def kind_of_record(kind: str, category: str) -> str:
    """A kind of record as a family would call it: by itself where it has a name, else by its category."""
    return KINDS.get(kind) or category_in_words(category)


def part_in_words(part: str) -> str:
    """A part of the copy as its heading says it."""
    return PARTS.get(part, plain(part))


def plain(name: str) -> str:
    """`level_of_need` -> `Level of need`."""
    return name.replace("_", " ").capitalize()
