"""The FHIR resources we answer, and of each the elements that we fill (gateway.sharing.fhir)."""

from datetime import date, datetime
from typing import Annotated, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict


class Coding(TypedDict):
    """A code, and the system it is of."""

    system: str
    code: str


class Concept(TypedDict):
    """A CodeableConcept."""

    coding: list[Coding]


class Identifier(TypedDict):
    """An id of this hub's; no FHIR server of ours holds what it is of."""

    system: str
    value: str


class PersonReference(TypedDict):
    """A logical reference to a person or household of the hub."""

    type: Literal["Patient"]
    identifier: Identifier


class AgencyReference(TypedDict):
    """A logical reference to an agency, all agencies of a type (`type:police`), or a team (`agency/team`)."""

    type: Literal["Organization"]
    identifier: Identifier


class GiverReference(TypedDict):
    """Who agreed or refused; with an identifier where the hub knows them."""

    type: Literal["RelatedPerson"]
    identifier: NotRequired[Identifier]
    display: str


class Period(TypedDict):
    """From when, and until when where it has an end."""

    start: datetime
    end: NotRequired[datetime]


class RecipientActor(TypedDict):
    """Who receives (the role `IRCP`)."""

    role: Concept
    reference: AgencyReference


class _Consent(TypedDict):
    resourceType: Literal["Consent"]
    id: str
    identifier: Annotated[list[Identifier], Field(description="the decision, by its id in the hub")]
    category: list[Concept]


class VerificationR4B(TypedDict):
    """That whoever recorded it heard it said."""

    verified: bool
    verifiedWith: GiverReference
    verificationDate: datetime


class Policy(TypedDict):
    """The law it rests on."""

    uri: str


class ProvisionR4B(TypedDict):
    """What may be disclosed to whom, or may not."""

    type: Literal["permit", "deny"]
    period: Period
    actor: list[RecipientActor]
    action: list[Concept]
    purpose: list[Coding]
    categories: Annotated[list[Coding], Field(alias="class", description="the sharing categories")]


class ConsentR4B(_Consent):
    """Consent of FHIR R4B (4.3): a refusal is `rejected`."""

    status: Literal["proposed", "active", "rejected", "inactive"]
    scope: Concept
    patient: PersonReference
    dateTime: datetime
    performer: NotRequired[list[GiverReference]]
    organization: list[AgencyReference]
    policy: NotRequired[list[Policy]]
    policyRule: NotRequired[Concept]
    verification: NotRequired[list[VerificationR4B]]
    provision: ProvisionR4B


class VerificationR5(TypedDict):
    """That whoever recorded it heard it said."""

    verified: bool
    verifiedWith: GiverReference
    verificationDate: list[datetime]


class PolicyBasis(TypedDict):
    """The law it rests on."""

    url: str


class ProvisionR5(TypedDict):
    """What is disclosed to whom, or is not."""

    period: Period
    actor: list[RecipientActor]
    action: list[Concept]
    purpose: list[Coding]
    code: Annotated[list[Concept], Field(description="the sharing categories")]


class ConsentR5(_Consent):
    """Consent of FHIR R5 (5.0): a refusal is `active`, and its decision `deny`."""

    status: Literal["draft", "active", "inactive"]
    subject: PersonReference
    date: date
    period: Period
    grantor: NotRequired[list[GiverReference]]
    grantee: list[AgencyReference]
    controller: list[AgencyReference]
    regulatoryBasis: list[Concept]
    policyBasis: NotRequired[PolicyBasis]
    verification: NotRequired[list[VerificationR5]]
    decision: Literal["permit", "deny"]
    provision: list[ProvisionR5]


class ConsentEntry(TypedDict):
    """One of a bundle."""

    fullUrl: str
    resource: ConsentR4B | ConsentR5


class ConsentBundle(TypedDict):
    """One Consent for each person, where the decision is about several."""

    resourceType: Literal["Bundle"]
    type: Literal["collection"]
    entry: list[ConsentEntry]


ConsentAnswer = ConsentR4B | ConsentR5 | ConsentBundle
