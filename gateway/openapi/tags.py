"""What the operations are sorted under, in the order in which a reader needs it: /docs shows it so."""

from collections.abc import Mapping
from typing import Any

METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})
TAGS = {
    "people": "Register a child or an adult as your agency knows them, and find them again.",
    "households": "Who lives as one family, your caseload of them, and all you may see about one.",
    "existence": "Which agencies work with somebody: that they do, and never why.",
    "concerns": "What somebody noticed about a child, one at a time or as an export.",
    "referrals": "A request for help, from the referral through triage to its closure.",
    "frameworks": "The assessment frameworks that this hub speaks, version by version.",
    "engagements": "That the family agreed to take part, and that it no longer does.",
    "assessments": "What each agency knows, put together with the family in one whole-family assessment.",
    "plans": "What is to change for a family, who does what, and which services help.",
    "meetings": "Meetings of the team around the family, and their minutes.",
    "cases": "Assessments, plans and meetings of one household, as far as you may see them.",
    "from need to service": "Local services that fit a plan or a need, the best first, and why they fit.",
    "open referral": "The directory of local services, as Open Referral UK 3.0 describes it.",
    "search": "What somebody may be about to ask the directory for.",
    "freshness": "How far a listing may be trusted, and asking its provider whether it is still right.",
    "corrections": "What the public says is wrong with a listing, and what became of it.",
    "edits": "Changes that a provider proposes to its own listing, and what it said before.",
    "duplicates": "Listings that may be of one service, and what a person decided about them.",
    "feeds": "Directories that this one is kept in step with, and every pull of them.",
    "insight": "Which needs are not met where, in numbers too large to point at anybody.",
    "sharing": "Decide who sees what about whom, for how long and why; hide, seal, override and explain it.",
    "agreements": "Agreements between organisations, which a decision to share needs behind it.",
    "disclosures": "Who looked at what about whom, for those who may know and for the family itself.",
    "rights": "What a family may ask for: a copy, a correction, an erasure, a restriction; and retention.",
    "partnership": "Rules, training, conditions and suspensions of those who work together.",
    "audit": "Proof that the log of disclosures is whole, which anybody can check without us.",
    "oversight": "What only who answers for the hub asks for: every record, whoever wrote it.",
    "records": "How many records there are about somebody, counted by category.",
    "graphql": "A whole case in one question, under the same walls as everything else.",
    "oauth": "Get a token: every other operation that is not public asks for one.",
}


def used(paths: Mapping[str, Mapping[str, Any]], parts: Mapping[str, str]) -> list[dict[str, str]]:
    """The tags that these paths use, each with its sentence; one that is not ours has its part's title."""
    found = {
        tag for item in paths.values() for key, one in item.items() if key in METHODS for tag in one["tags"]
    }
    said = TAGS | {tag: parts.get(tag, parts[""]) for tag in sorted(found - TAGS.keys())}
    return [{"name": tag, "description": text} for tag, text in said.items() if tag in found]
