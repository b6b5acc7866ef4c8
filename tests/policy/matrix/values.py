"""What parameters are given: the record of a family that each name stands for; plain words for the rest."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from joserfc.jwk import OKPKey

from hub.proof.notes import Witness
from tests.services.referral.school_files import a_file, a_pupil

Records = Mapping[str, str]
Made = Callable[[Records], Any]
Value = Any  # itself, or Made of a family's records


def of(name: str) -> Made:
    """The record of this name."""
    return lambda records: records[name]


def all_of(*names: str) -> Made:
    """The records of these names."""
    return lambda records: [records[name] for name in names]


def _with_the_guest(records: Records) -> list[str]:
    return [records["asking"], GUEST]


def _its_own_house(records: Records) -> str:
    return f"The house of {records['asking']}"


def _a_witness(_: Records) -> str:
    """A key to cosign with that nobody has registered."""
    return Witness("matrix.example/witness", OKPKey.generate_key("Ed25519")).verifier_key()


MONTH = (datetime.now(UTC) + timedelta(days=30)).isoformat()
WORDS = "Synthetic words, for the policy matrix alone."

# A parameter of this name, in a path, a query or a body, names a record of a family: what is seen of it
# depends on who asks.
PERSONAL: dict[str, Made] = {
    name: of(name)
    for name in (
        *("person", "household", "upn", "concern", "referral", "involvement", "assessment", "engagement"),
        *("plan", "goal", "action", "meeting", "decision", "restriction", "seal", "conflict", "override"),
        *("access_request", "item", "held_back", "disclosure", "erasure_request", "correction", "hold"),
    )
} | {
    "subject": of("person"),
    "subjects": all_of("household", "person"),
    "children": all_of("person"),
    "adults": all_of("parent"),
    "record": of("concern"),
    "asker": of("parent"),
    "over_restrictions": all_of("restriction"),
    "supersedes": of("assessment"),
}
GUEST, VISITOR = "matrix-guest", "matrix-visitor"
PLAIN: dict[str, Value] = {
    "agency": GUEST,
    "receiver": GUEST,
    "owner": GUEST,
    "hidden_from": GUEST,
    "agencies": [GUEST],
    "parties": _with_the_guest,
    "named": [GUEST],
    "client": GUEST,
    **{
        name: of(name)
        for name in (
            *("agreement", "training", "url", "service", "organization", "place", "taxonomy", "term"),
            *("feed", "pull", "duplicate", "review", "secret", "location"),
        )
    },
    "services": of("service"),
    "listed": of("service"),
    "number": 1,
    "practitioner": "p-matrix",
    "second_person": "p-second",
    "code": "assessment_triangle",
    "dimension": "housing",
    "limit": 100,
    "framework": "assessment_triangle",
    "scope": "notices:read",
    "course": "matrix-course",
    "text": WORDS,
    "needs": ["debt"],
    "upn": of("upn"),
    "given_by": "Robin Synthetic, mother",
    "language": "en",
    "starts": None,
    "until": MONTH,
    "expires": MONTH,
    "expires_on": MONTH[:10],
    "ends": MONTH,
    "year_group": "5",
    "on": "2026-11-10",
    "told_on": "2026-11-10",
}
A_RULE = {"parties": [GUEST, VISITOR], "categories": ["existence"], "purposes": ["early_help"]}
# What only one operation means by a name: a record of a family, or not.
EXACT_PERSONAL: dict[tuple[str, str], Made] = {
    ("GraphQL query case(id)", "id"): of("household"),
    ("POST /assessment/plans/{plan}/actions/{action}/drop", "action"): of("another_action"),
    ("POST /sharing/decisions/{decision}/give", "decision"): of("proposed"),
    ("POST /sharing/decisions/{decision}/refuse", "decision"): of("proposed_too"),
    ("POST /retention/disposals", "subjects"): all_of("relative"),
    ("POST /retention/holds", "subject"): of("parent"),
    ("GET /rights/access-requests/{access_request}/export", "access_request"): of("copy_released"),
    ("POST /rights/access-requests/{access_request}/decision", "access_request"): of("copy_undecided"),
    ("POST /rights/access-requests/{access_request}/release", "access_request"): of("copy_ready"),
    ("POST /rights/erasure-requests", "subject"): of("parent"),
    ("GET /rights/erasure-requests/{erasure_request}/letter", "erasure_request"): of("erasure_answered"),
    ("POST /rights/erasure-requests/{erasure_request}/approve", "erasure_request"): of("erasure_ready"),
    ("POST /rights/erasure-requests/{erasure_request}/carry-out", "erasure_request"): of("erasure_ready"),
    ("POST /rights/erasure-requests/{erasure_request}/decision", "erasure_request"): of("erasure_undecided"),
    ("POST /rights/erasure-requests/{erasure_request}/items/{item}", "item"): of("erasure_item"),
}
# What else there is of a family, besides what parameters are named after.
BESIDES = ("parent", "relative", "another_action", "proposed", "proposed_too")
# What a family asked for of right: for oversight alone, who handles it.
OF_RIGHT = (
    *("access_request", "item", "copy_ready", "copy_released", "copy_undecided", "hold", "relative"),
    *("erasure_request", "erasure_item", "erasure_ready", "erasure_answered", "erasure_undecided"),
)
EXACT: dict[tuple[str, str], Value] = {
    ("GET /disclosures/by-client", "from"): "2026-11-01T00:00:00Z",
    ("GET /disclosures/by-client", "to"): MONTH,
    ("GET /disclosures/by-client", "client"): "matrix-author",
    ("GET /directory/first_contacts", "area"): "E06000023",
    ("GET /directory/sectors", "area"): "BS5",
    ("GET /directory/suggestions", "limit"): 20,
    ("GET /rights/corrections", "for"): of("asking"),
    ("GET /rights/erasures", "for"): of("asking"),
    ("GraphQL query firstContacts()", "postcode"): "BS5 6AA",
    ("POST /assessment/assessments/{assessment}/complete", "decision"): "plan",
    ("POST /assessment/plans", "target_end"): "2026-07-01",
    ("POST /audit/witness/key", "key"): _a_witness,
    ("POST /directory/first_contacts", "postcode"): "BS5 6AA",
    **{  # there it says who may refer
        (f"POST /directory/{place}", "referral"): None
        for place in ("services/search", "services/facets", "service_at_locations/search")
    },
    ("POST /partnership/conditions", "scope"): "concerns:write",
    ("POST /partnership/conditions/lift", "scope"): "concerns:write",
    ("POST /referral/referrals/{referral}/triage", "rag"): "amber",
    ("POST /referral/referrals/{referral}/triage", "level_of_need"): 2,
    ("POST /rights/access-requests/{access_request}/decision", "outcome"): "refuse",
    ("POST /rights/access-requests/{access_request}/items/{item}", "decision"): "release",
    ("POST /rights/corrections", "category"): "safeguarding_concern",
    ("POST /rights/erasure-requests/{erasure_request}/items/{item}", "decision"): "erase",
    ("POST /sharing/agreements/import", "orgId"): of("asking"),
    ("POST /sharing/decisions/{decision}/supersede", "decision"): None,
    ("POST /sharing/seals", "text"): _its_own_house,
    ("POST /sharing/simulate/rule", "agreement"): A_RULE,
}
# In a path, where what is named is suspended, restored, and so on.
IN_PATH: dict[str | tuple[str, str], Value] = {
    "agency": VISITOR,
    "client": VISITOR,
    "alarm": "0192f0c4-7a00-7000-8000-00000000a1a3",
    "category": "finance_benefits",
    ("POST /directory/verification-links/{secret}/still-right", "secret"): of("another_secret"),
}
# Bodies that are not JSON.
TEXTS: dict[str, Callable[[Records], str]] = {
    "POST /oauth/token": lambda _: "grant_type=client_credentials&client_assertion=synthetic",
    "POST /referral/concerns/batch": lambda records: (
        "external_id,upn,occurred_at,category,narrative\r\n"
        f"M-{records['upn']},{records['upn']},2026-11-19T10:40,welfare,{WORDS}\r\n"
    ),
    "POST /referral/pupil-files": lambda records: a_file(a_pupil(UPN=records["upn"])).decode(),
}
# Optional parameters that are given all the same, so that the request is one that can succeed.
GIVEN: dict[str, frozenset[str]] = {
    "GraphQL query firstContacts()": frozenset({"postcode"}),
    "GraphQL query matches()": frozenset({"plan"}),
    "PATCH /directory/feeds/{feed}": frozenset({"publisher"}),
    "POST /assessment/assessments/{assessment}/sections": frozenset({"dimension", "strengths"}),
    "POST /directory/first_contacts": frozenset({"postcode"}),
    "POST /directory/services/{service}/edits": frozenset({"fees"}),
    "POST /directory/verification-links/{secret}/changes": frozenset({"changes", "fees"}),
    "POST /partnership/conditions": frozenset({"course"}),
    "POST /partnership/conditions/lift": frozenset({"course"}),
    "POST /partnership/training": frozenset({"practitioner"}),
    "POST /referral/existence": frozenset({"upn"}),
    "POST /referral/people": frozenset({"upn"}),
    "POST /referral/referrals": frozenset({"given_by"}),
    "POST /sharing/decisions": frozenset({"given_by"}),
    "POST /sharing/decisions/{decision}/give": frozenset({"given_by"}),
    "POST /sharing/decisions/{decision}/refuse": frozenset({"giver"}),
    "POST /sharing/decisions/{decision}/supersede": frozenset({"given_by"}),
    "POST /sharing/decisions/{decision}/vary": frozenset({"ends"}),
    "POST /sharing/restrictions": frozenset({"hidden_from"}),
    "POST /sharing/simulate/joining": frozenset({"subjects"}),
    "POST /sharing/simulate/rule": frozenset({"agreement"}),
    "PUT /retention/rules/{category}": frozenset({"after_contact"}),
}
