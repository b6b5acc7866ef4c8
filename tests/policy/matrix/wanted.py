"""What is sent: the id of a real record for every parameter that names one, and plain words for the rest.

An operation that takes something nobody has named here raises NoValue, which says what to add.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from joserfc.jwk import OKPKey

from hub.proof.notes import Witness
from tests.policy.matrix.operations import Operation, Schema
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
    "over_restriction": of("restriction"),
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
}
A_RULE = {"parties": [GUEST, VISITOR], "categories": ["existence"], "purposes": ["early_help"]}
# What only one operation means by a name: a record of a family, or not.
EXACT_PERSONAL: dict[tuple[str, str], Made] = {
    ("GraphQL query case(id)", "id"): of("household"),
    ("POST /rights/erasure-requests/{erasure_request}/items/{item}", "item"): of("erasure_item"),
}
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
    ("POST /rights/access-requests/{access_request}/items/{item}", "decision"): "release",
    ("POST /rights/corrections", "category"): "safeguarding_concern",
    ("POST /rights/erasure-requests/{erasure_request}/items/{item}", "decision"): "erase",
    ("POST /sharing/agreements/import", "orgId"): of("asking"),
    ("POST /sharing/decisions/{decision}/supersede", "decision"): None,
    ("POST /sharing/seals", "text"): _its_own_house,
    ("POST /sharing/simulate/rule", "agreement"): A_RULE,
}
# In a path, where what is named is suspended, restored, and so on.
IN_PATH: dict[str, Value] = {"agency": VISITOR, "client": VISITOR, "category": "finance_benefits"}
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


def records_in(operation: Operation) -> set[str]:
    """What an operation must be told that names a person, or a record about one."""
    if operation.name in TEXTS:
        return {"upn"} if "upn" in TEXTS[operation.name](EACH_BY_NAME) else set()
    given = GIVEN.get(operation.name, frozenset())
    told = {*operation.needed, *given, *_names(operation.body or {})}
    named = {*operation.in_path, *(name for name in told if (operation.name, name) not in EXACT)}
    return {name for name in named if name in PERSONAL or (operation.name, name) in EXACT_PERSONAL}


def _names(schema: Schema) -> Iterator[str]:
    below = [*schema.get("anyOf", ()), *schema.get("oneOf", ())]
    for branch in (*below, *([schema["items"]] if "items" in schema else [])):
        yield from _names(branch)
    for name, value in schema.get("properties", {}).items():
        yield name
        yield from _names(value)


class _ByName(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return name


EACH_BY_NAME = _ByName()


class NoValue(Exception):
    """An operation takes something that tests/policy/matrix/wanted.py does not know."""


def unknown(operation: Operation) -> str | None:
    """What an operation takes that nobody has named here, and what to do; None where all is known."""
    try:
        Wanted(operation, EACH_BY_NAME).request()
    except NoValue as reason:
        return str(reason)
    return None


@dataclass(frozen=True)
class Request:
    """One request, but for who sends it."""

    method: str
    path: str
    params: Mapping[str, str | list[str]]
    json: Any = None
    text: str | None = None
    media_type: str | None = None


@dataclass(frozen=True)
class Wanted:
    """What an operation is asked with. `also` are optional parameters that are given too."""

    operation: Operation
    records: Records
    also: frozenset[str] = field(default_factory=frozenset[str])

    def request(self) -> Request:
        """The request."""
        op, path = self.operation, self.operation.path
        for name in op.in_path:
            path = path.replace("{" + name + "}", str(self._named(name, "/")))
        if op.document:
            variables = {
                name: self._value(schema, name) for name, schema in self._chosen(op.query, op.needed)
            }
            return Request("POST", path, {}, {"query": op.document, "variables": variables})
        query = {n: _in_query(self._value(schema, n)) for n, schema in self._chosen(op.query, op.needed)}
        if op.media_type and op.media_type != "application/json":
            return Request(op.method, path, query, text=self._text(), media_type=op.media_type)
        return Request(op.method, path, query, self._value(op.body, "") if op.body else None)

    def _chosen(self, named: Mapping[str, Schema], needed: frozenset[str]) -> list[tuple[str, Schema]]:
        given = needed | self.also | {"limit"} | GIVEN.get(self.operation.name, frozenset())
        return [(name, schema) for name, schema in named.items() if name in given]

    def _text(self) -> str:
        if self.operation.name not in TEXTS:
            raise NoValue(f"{self.operation.name} takes {self.operation.media_type}: write one in TEXTS")
        return TEXTS[self.operation.name](self.records)

    def _named(self, name: str, place: str) -> Any:
        exactly = (self.operation.name, name)
        second = (IN_PATH, name) if place == "/" else (EXACT, exactly)
        tables = ((EXACT_PERSONAL, exactly), second, (PERSONAL, name), (PLAIN, name))
        for known, key in tables:
            if key in known:
                found = cast("dict[Any, Value]", known)[key]
                return found(self.records) if callable(found) else found
        if place == "/":
            raise NoValue(f"{self.operation.name} takes `{name}`: name its record in PERSONAL or PLAIN")
        return None

    def _value(self, schema: Schema, name: str) -> Any:
        known = self._named(name, "") if name else None
        if known is not None:
            several = schema.get("type") == "array" and not isinstance(known, list)
            return [known] if several else cast("Any", known)
        for key in ("anyOf", "oneOf"):
            if key in schema:
                return self._value(next(one for one in schema[key] if one.get("type") != "null"), name)
        if schema.get("type") == "object" or "properties" in schema:
            required = frozenset(schema.get("required", []))
            return {k: self._value(v, k) for k, v in self._chosen(schema.get("properties", {}), required)}
        if schema.get("type") == "array":
            return [self._value(schema["items"], name)]
        return self._plain(schema, name)

    def _plain(self, schema: Schema, name: str) -> Any:
        if "const" in schema or "enum" in schema:
            return schema.get("const") or schema["enum"][0]
        kind, form = schema.get("type"), schema.get("format")
        if kind == "string" and form in {"date", "date-time"}:
            return "2026-03-03" if form == "date" else "2026-03-03T10:00:00Z"
        if kind == "string" and not form and "pattern" not in schema:
            return WORDS[: schema.get("maxLength", len(WORDS))]
        if kind in {"integer", "number", "boolean"}:
            return schema.get("default", schema.get("minimum", True if kind == "boolean" else 1))
        raise NoValue(
            f"{self.operation.name} takes `{name}` ({form or kind}): say which in PERSONAL or PLAIN"
        )


def _in_query(value: Any) -> str | list[str]:
    """As a query says it: a list is the same name several times."""
    return [str(one) for one in cast("list[Any]", value)] if isinstance(value, list) else str(value)
