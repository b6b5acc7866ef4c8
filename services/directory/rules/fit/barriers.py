"""Whether a service removes what keeps a family away (NSPCC: record barriers even to universal services)."""

import re
from collections.abc import Sequence

from services.directory.rules.fit.needs import listed
from services.directory.rules.fit.reach import distance, outside_hours
from services.directory.rules.fit.weights import reason
from services.directory.schemas import Barrier, Facts, FitReason, terms

NEAR_ENOUGH = 1_000
AT_HOME = re.compile(r"\b(home visits?|at home|outreach|online|telephone|ring|text us)\b", re.IGNORECASE)
NO_FORMALITY = re.compile(
    r"\b(drop[- ]in|no (appointment|referral|questions?)|confidential|without an appointment|just come)\b",
    re.IGNORECASE,
)
QUIET = re.compile(r"\b(quiet room|autis\w+|SEND|disabled|sensory|additional needs)\b", re.IGNORECASE)
CHILDREN_TOO = re.compile(r"\b(cr[eè]che|childcare|bring (the|your) children)\b", re.IGNORECASE)


def barriers(wanted: Sequence[Barrier], languages: Sequence[str], facts: Facts) -> list[FitReason]:
    """A reason for each barrier, in the order of the enumeration."""
    asked = [*dict.fromkeys([*wanted, *([Barrier.LANGUAGE] if languages else [])])]
    return [_one(barrier, languages, facts) for barrier in Barrier if barrier in asked]


def _one(barrier: Barrier, languages: Sequence[str], facts: Facts) -> FitReason:
    term = terms.term("barrier", barrier)
    if facts.terms & set(term.names):
        return reason(barrier, "fits", f"It says that it removes this barrier: {barrier.replace('_', ' ')}.")
    if barrier is Barrier.LANGUAGE:
        return _language(languages, facts)
    return {
        Barrier.TRANSPORT: _transport,
        Barrier.COST: _cost,
        Barrier.STIGMA: _stigma,
        Barrier.DIGITAL: _digital,
        Barrier.HOURS: outside_hours,
        Barrier.SEND_ACCESS: _send_access,
        Barrier.CHILDCARE: _childcare,
    }[barrier](facts)


def _language(languages: Sequence[str], facts: Facts) -> FitReason:
    spoken = sorted(facts.languages & set(languages) if languages else facts.languages - {"en"})
    if spoken:
        return reason("language", "fits", f"It is offered in {listed([one.upper() for one in spoken])}.")
    if facts.languages:
        return reason("language", "does_not_fit", "It is not offered in a language they speak.")
    return reason("language", "unknown", "It does not say in which languages it is offered.")


def _transport(facts: Facts) -> FitReason:
    if facts.everywhere or AT_HOME.search(facts.says):
        return reason("transport", "fits", "Nobody has to travel: it comes to them, or is there from afar.")
    if facts.metres is None:
        return reason("transport", "unknown", "It does not say whether they would have to travel.")
    near = facts.metres <= NEAR_ENOUGH
    more = "." if near else ", and does not say that it helps with travel."
    return reason(
        "transport", "fits" if near else "does_not_fit", f"It is {distance(facts.metres)} away{more}"
    )


def _cost(facts: Facts) -> FitReason:
    if facts.costs == "free":
        return reason("cost", "fits", "It is free.")
    if facts.costs == "paid":
        return reason("cost", "does_not_fit", "It costs something.")
    return reason("cost", "unknown", "It does not say what it costs.")


def _stigma(facts: Facts) -> FitReason:
    if facts.terms & set(terms.term("referral", "self").names) or NO_FORMALITY.search(facts.says):
        return reason("stigma", "fits", "Anybody can just come or call, without being sent.")
    return reason("stigma", "unknown", "It does not say whether somebody can come without being sent.")


def _digital(facts: Facts) -> FitReason:
    if facts.telephone or facts.metres is not None:
        return reason("digital", "fits", "It can be reached by telephone or in person.")
    return reason("digital", "does_not_fit", "It names no telephone and no place: it needs the internet.")


def _send_access(facts: Facts) -> FitReason:
    said = QUIET.search(f"{facts.says} {facts.access}")
    if said:
        return reason("send_access", "fits", f"It says so itself: {said[0]}.")
    if facts.access:
        return reason("send_access", "partly", f"Of its place it says: {facts.access.rstrip('.')}.")
    return reason("send_access", "unknown", "It says nothing about special needs.")


def _childcare(facts: Facts) -> FitReason:
    if CHILDREN_TOO.search(facts.says):
        return reason("childcare", "fits", "Children are looked after meanwhile.")
    return reason("childcare", "unknown", "It does not say who looks after children meanwhile.")
