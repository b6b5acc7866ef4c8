"""A small synthetic partnership, one client an agency, as demo and tests use it; and who oversees it."""

from dataclasses import dataclass

from hub.caller import AgencyId, ClientId, Scope

READS = {
    Scope.CASES_READ,
    Scope.PEOPLE_READ,
    Scope.ASSESSMENTS_READ,
    Scope.PLANS_READ,
    Scope.MEETINGS_READ,
    Scope.AGREEMENTS_READ,
    Scope.AGREEMENTS_WRITE,
    Scope.EXISTENCE_WRITE,
    Scope.NOTICES_READ,
}
CONTRIBUTES = READS | {Scope.ASSESSMENTS_WRITE, Scope.SHARING_READ, Scope.SHARING_WRITE}
REFERS = {Scope.REFERRALS_READ, Scope.REFERRALS_WRITE}
LEADS = {
    Scope.PLANS_WRITE,
    Scope.MEETINGS_WRITE,
    Scope.DISCLOSURES_READ,
    Scope.DISCLOSURES_HOLD_BACK,
    Scope.SHARING_EXPLAIN,
}
OVERSEES = {
    Scope.RECORDS_OVERSEE,
    Scope.DISCLOSURES_AUDIT,
    Scope.RIGHTS_WRITE,
    Scope.DISCLOSURES_READ,
    Scope.DISCLOSURES_HOLD_BACK,
    Scope.CASES_READ,
    Scope.CONCERNS_READ,
    Scope.PEOPLE_READ,
    Scope.ASSESSMENTS_READ,
    Scope.PLANS_READ,
    Scope.NOTICES_READ,
    Scope.SHARING_EXPLAIN,
    Scope.SHARING_OVERRIDE_REVIEW,
    Scope.SHARING_READ,
    Scope.SHARING_WRITE,
}
HOSTS = {
    Scope.DIRECTORY_PROPOSE,
    Scope.DIRECTORY_REVIEW,
    Scope.DIRECTORY_WRITE,
    Scope.INSIGHT_READ,
    Scope.PARTNERSHIP_READ,
    Scope.PARTNERSHIP_WRITE,
}
BREAKS_GLASS = {Scope.EXISTENCE_READ, Scope.SHARING_OVERRIDE, Scope.SHARING_OVERRIDE_REVIEW}
SCHOOL = CONTRIBUTES | REFERS | {Scope.PEOPLE_WRITE, Scope.CONCERNS_READ, Scope.CONCERNS_WRITE}


@dataclass(frozen=True)
class Agency:
    """One member of the partnership and what its client may ever do."""

    id: AgencyId
    name: str
    type: str
    scopes: frozenset[Scope]

    @property
    def client(self) -> ClientId:
        """Its one client, named after it."""
        return ClientId(self.id)


def _agency(id: str, name: str, type: str, scopes: set[Scope]) -> Agency:  # noqa: A002
    return Agency(AgencyId(id), name, type, frozenset(scopes))


OAKFIELD = _agency("oakfield-primary", "Oakfield Primary School", "school", SCHOOL)
HILLTOP = _agency("hilltop-secondary", "Hilltop Secondary School", "school", SCHOOL)
NURSING = _agency(
    "school-nursing",
    "Riverside School Nursing",
    "school_nursing",
    CONTRIBUTES | REFERS | {Scope.EXISTENCE_READ},
)
POLICE = _agency(
    "northshire-police",
    "Northshire Police",
    "police",
    CONTRIBUTES | REFERS | BREAKS_GLASS | {Scope.AUDIT_WITNESS},
)
HOUSING = _agency("northshire-housing", "Northshire Housing", "housing", CONTRIBUTES | REFERS)
MASH = _agency(
    "northshire-mash",
    "Northshire MASH",
    "mash",
    CONTRIBUTES | REFERS | LEADS | BREAKS_GLASS | {Scope.REFERRALS_TRIAGE, Scope.CONCERNS_READ},
)
EARLY_HELP = _agency(
    "northshire-early-help",
    "Northshire Early Help",
    "early_help_team",
    CONTRIBUTES | REFERS | LEADS | HOSTS | {Scope.REFERRALS_TRIAGE, Scope.PEOPLE_WRITE},
)
CHARITY = _agency(
    "harbour-family-charity",
    "Harbour Family Charity",
    "voluntary_community",
    READS | REFERS | {Scope.DIRECTORY_PROPOSE},
)

PARTNERSHIP = (OAKFIELD, HILLTOP, NURSING, POLICE, HOUSING, MASH, EARLY_HELP, CHARITY)

# The hub's own data protection officer is no partner: nothing is shared with it, and it signs no agreement.
DPO = _agency("northshire-dpo", "Northshire Data Protection Officer", "data_protection_officer", OVERSEES)
REGISTERED = (*PARTNERSHIP, DPO)
