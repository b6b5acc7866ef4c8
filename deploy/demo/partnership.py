"""A small synthetic partnership: seven agencies and one client each, as the demo and the tests use it."""

from dataclasses import dataclass

from hub.caller import AgencyId, ClientId, Scope

READS = {
    Scope.CASES_READ,
    Scope.PEOPLE_READ,
    Scope.ASSESSMENTS_READ,
    Scope.PLANS_READ,
    Scope.MEETINGS_READ,
}
CONTRIBUTES = READS | {Scope.ASSESSMENTS_WRITE, Scope.SHARING_READ, Scope.SHARING_WRITE}
REFERS = {Scope.REFERRALS_READ, Scope.REFERRALS_WRITE}
LEADS = {Scope.PLANS_WRITE, Scope.MEETINGS_WRITE, Scope.DISCLOSURES_READ, Scope.SHARING_EXPLAIN}
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
NURSING = _agency("school-nursing", "Riverside School Nursing", "school_nursing", CONTRIBUTES | REFERS)
POLICE = _agency("northshire-police", "Northshire Police", "police", CONTRIBUTES | REFERS)
HOUSING = _agency("northshire-housing", "Northshire Housing", "housing", CONTRIBUTES | REFERS)
MASH = _agency(
    "northshire-mash",
    "Northshire MASH",
    "mash",
    CONTRIBUTES | REFERS | LEADS | {Scope.REFERRALS_TRIAGE, Scope.CONCERNS_READ},
)
EARLY_HELP = _agency(
    "northshire-early-help",
    "Northshire Early Help",
    "early_help_team",
    CONTRIBUTES | REFERS | LEADS | {Scope.REFERRALS_TRIAGE, Scope.DIRECTORY_WRITE, Scope.PEOPLE_WRITE},
)
CHARITY = _agency("harbour-family-charity", "Harbour Family Charity", "voluntary_community", READS | REFERS)

PARTNERSHIP = (OAKFIELD, HILLTOP, NURSING, POLICE, HOUSING, MASH, EARLY_HELP, CHARITY)
