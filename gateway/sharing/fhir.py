"""A sharing decision as a FHIR Consent, R4B (4.3) and R5 (5.0). Pure: what was shown goes in.

Persons and households are logical references (an identifier of this hub), as no FHIR server of ours holds
them. R5 has no `rejected`: a refusal is an active consent whose decision is `deny`.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, cast

from gateway.sharing.shown import controllers

Json = dict[str, Any]

TERMINOLOGY = "http://terminology.hl7.org/CodeSystem/"
LEGISLATION = "https://www.legislation.gov.uk/ukpga/"
DENIES = frozenset({"refused", "not_shared"})

R4B_STATUS = {
    "proposed": "proposed",
    "given": "active",
    "varied": "active",
    "disputed": "active",
    "refused": "rejected",
    "not_shared": "rejected",
}
R5_STATUS = {
    "proposed": "draft",
    "given": "active",
    "varied": "active",
    "disputed": "active",
    "refused": "active",
    "not_shared": "active",
}
POLICIES = {
    "statutory_duty": LEGISLATION + "2004/31/section/16LA",
    "safeguarding": LEGISLATION + "2004/31/section/11",
    "court_order": LEGISLATION + "1989/41",
}


class FhirVersion(StrEnum):
    """The FHIR releases spoken."""

    R4B = "4.3"
    R5 = "5.0"


def consents(shown: Mapping[str, Any], version: FhirVersion, hub: str) -> Json:
    """The decision as one Consent, or as a collection Bundle of one for each person it is about.

    `shown` is what `GET /sharing/decisions/{id}` shows and, in `about`, what of it is open about each person;
    `hub` is the hub's public URL.
    """
    write = _r4b if version is FhirVersion.R4B else _r5
    made = [
        write({**shown, "decision": {**shown["decision"], **_about(each)}}, each["subject"], hub)
        for each in shown["about"]
    ]
    if len(made) == 1:
        return made[0]
    entries = [{"fullUrl": f"{hub}/Consent/{one['id']}", "resource": one} for one in made]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def _about(each: Mapping[str, Any]) -> Json:
    """What is not disputed about a person is as it was decided; where all of it is, nothing is agreed yet."""
    disputed: Sequence[str] = each["dispute"]["categories"] if each["dispute"] else []
    agreed = [category for category in each["categories"] if category not in disputed]
    return {"categories": agreed} if agreed else {"categories": each["categories"], "standing": "proposed"}


def _r4b(shown: Mapping[str, Any], subject: str, hub: str) -> Json:
    decision, begun = shown["decision"], shown["history"][0]
    given = _said(shown["history"])
    return _filled(
        {
            **_common(decision, subject, hub),
            "status": R4B_STATUS.get(decision["standing"], "inactive"),
            "scope": _concept(TERMINOLOGY + "consentscope", "patient-privacy"),
            "patient": _person(hub, subject),
            "dateTime": begun["at"],
            "performer": _giver(hub, given),
            "organization": [_agency(hub, begun["recorded_by"])],
            "policy": _policies(decision["basis"]),
            "policyRule": _rule(decision["basis"]),
            "verification": _verified(given, hub, many=False),
            "provision": {
                "type": "deny" if _denied(shown["history"]) else "permit",
                "period": _period(decision),
                "actor": [_recipient(hub, decision["agency"])],
                "action": [_concept(TERMINOLOGY + "consentaction", "disclose")],
                "purpose": [_coding(hub + "/purpose", decision["purpose"])],
                "class": [_coding(hub + "/category", name) for name in decision["categories"]],
            },
        }
    )


def _r5(shown: Mapping[str, Any], subject: str, hub: str) -> Json:
    decision, begun = shown["decision"], shown["history"][0]
    given = _said(shown["history"])
    return _filled(
        {
            **_common(decision, subject, hub),
            "status": R5_STATUS.get(decision["standing"], "inactive"),
            "subject": _person(hub, subject),
            "date": begun["at"][:10],
            "period": _period(decision),
            "grantor": _giver(hub, given),
            "grantee": [_actor(hub, decision["agency"])],
            "controller": [_agency(hub, agency) for agency in controllers(shown)],
            "regulatoryBasis": [_concept(hub + "/basis", decision["basis"])],
            "policyBasis": {"url": POLICIES[decision["basis"]]} if decision["basis"] in POLICIES else None,
            "verification": _verified(given, hub, many=True),
            "decision": "deny" if _denied(shown["history"]) else "permit",
            "provision": [
                {
                    "period": _period(decision),
                    "actor": [_recipient(hub, decision["agency"])],
                    "action": [_concept(TERMINOLOGY + "consentaction", "disclose")],
                    "purpose": [_coding(hub + "/purpose", decision["purpose"])],
                    "code": [_concept(hub + "/category", name) for name in decision["categories"]],
                }
            ],
        }
    )


def _common(decision: Mapping[str, Any], subject: str, hub: str) -> Json:
    """An id of its own for each person: a FHIR id is at most 64 characters."""
    return {
        "resourceType": "Consent",
        "id": f"{decision['decision'].replace('-', '')[:31]}-{subject.replace('-', '')}",
        "identifier": [{"system": hub + "/sharing/decisions", "value": decision["decision"]}],
        "category": [_concept(TERMINOLOGY + "v3-ActCode", "IDSCL")],
    }


def _said(history: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    return next((one for one in history if one["event"] in ("given", "refused") and one["giver"]), None)


def _denied(history: Sequence[Mapping[str, Any]]) -> bool:
    return any(one["event"] in DENIES for one in history)


def _period(decision: Mapping[str, Any]) -> Json:
    return {"start": decision["starts"], "end": decision["ends"]}


def _policies(basis: str) -> list[Json]:
    return [{"uri": POLICIES[basis]}] if basis in POLICIES else []


def _rule(basis: str) -> Json | None:
    return _concept(TERMINOLOGY + "v3-ActCode", "OPTIN") if basis == "agreement" else None


def _verified(given: Mapping[str, Any] | None, hub: str, *, many: bool) -> list[Json]:
    """Who recorded it heard it said."""
    if given is None:
        return []
    date: Any = [given["at"]] if many else given["at"]
    [giver] = _giver(hub, given)
    return [{"verified": True, "verifiedWith": giver, "verificationDate": date}]


def _giver(hub: str, given: Mapping[str, Any] | None) -> list[Json]:
    if given is None:
        return []
    person = given["giver"]["person"]
    identifier = {"system": hub + "/people", "value": person} if person else None
    return [_filled({"type": "RelatedPerson", "identifier": identifier, "display": given["giver"]["name"]})]


def _recipient(hub: str, agency: str) -> Json:
    return {"role": _concept(TERMINOLOGY + "v3-ParticipationType", "IRCP"), "reference": _actor(hub, agency)}


def _actor(hub: str, agency: str) -> Json:
    return _agency(hub, agency)


def _agency(hub: str, agency: str) -> Json:
    return {"type": "Organization", "identifier": {"system": hub + "/agencies", "value": agency}}


def _person(hub: str, subject: str) -> Json:
    return {"type": "Patient", "identifier": {"system": hub + "/subjects", "value": subject}}


def _coding(system: str, code: str) -> Json:
    return {"system": system, "code": code}


def _concept(system: str, code: str) -> Json:
    return {"coding": [_coding(system, code)]}


def _filled(resource: Any) -> Any:
    """FHIR knows no null and no empty array."""
    if isinstance(resource, dict):
        cleaned = {name: _filled(value) for name, value in cast(Json, resource).items()}
        return {name: value for name, value in cleaned.items() if value not in (None, [], {})}
    if isinstance(resource, list):
        return [_filled(one) for one in cast(list[Any], resource)]
    return resource
