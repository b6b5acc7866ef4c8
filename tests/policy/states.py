"""The rows and columns of sharing.txt: what happened before, and who asks."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from tests.policy.happened import (
    AUTHOR,
    EXCEPTED,
    HOUSING,
    OTHER,
    OTHER_HOUSING,
    OVERSIGHT,
    POLICE,
    UNAGREED,
    Happened,
)
from tests.policy.model import Asker

GIVEN = Happened("given")
ELSEWHERE = Happened("given", about="another category")
REFUSED = Happened("refused", decision="two", basis="agreement", giver="father")
HIDDEN = Happened("restricted", decision="hidden")
HIDDEN_FROM_ONE = Happened("restricted", decision="hidden", person="p-1")
TYPE, TEAM = "type:housing", f"{HOUSING}/duty"
OPENED = Happened("opened", decision="glass", person="p-1")
AGAIN = Happened("restricted", decision="too")
OVER = Happened("opened", decision="glass", person="p-1", names=("hidden",))
OVER_AGAIN = Happened("opened", decision="pane", person="p-1", names=("too",))

BY_EARLY_HELP = Happened("given", by=OTHER)
COUNTERSIGNED, DECLINED = Happened("countersigned"), Happened("declined")


def _shown(to: str) -> Happened:
    """The school lets an agency see it itself, on a basis that needs no agreement between them."""
    return Happened("given", decision="shown", to=to, basis="court_order")


STATES: Mapping[str, tuple[Happened, ...]] = {
    "nothing decided": (),
    "proposed": (Happened("proposed"),),
    "proposed, then given": (Happened("proposed"), GIVEN),
    "proposed, then refused by the family": (Happened("proposed"), Happened("refused")),
    "refused by the family": (Happened("refused"),),
    "decided not to share": (Happened("not_shared"),),
    "given to housing": (GIVEN,),
    "given to housing, and reviewed": (GIVEN, Happened("reviewed")),
    "given to housing's duty team": (Happened("given", to=TEAM),),
    "given to every housing agency": (Happened("given", to=TYPE),),
    "given to the police": (Happened("given", to=POLICE),),
    "given to housing and to the police": (GIVEN, Happened("given", decision="two", to=POLICE)),
    "given for another category": (ELSEWHERE,),
    "given about somebody else": (Happened("given", about="somebody else"),),
    "given, and not yet begun": (Happened("given", starts=24),),
    "given, and expired": (Happened("given", starts=-48, ends=-24),),
    "given, expired, and recorded as such": (Happened("given", starts=-48, ends=-24), Happened("expired")),
    "varied: for longer": (Happened("given", ends=2), Happened("varied")),
    "varied: ended meanwhile": (GIVEN, Happened("varied", starts=-48, ends=-24)),
    "varied: this category left out": (GIVEN, Happened("varied", about="another category")),
    "varied: this category taken in": (ELSEWHERE, Happened("varied")),
    "withdrawn": (GIVEN, Happened("withdrawn")),
    "given twice, and one withdrawn": (GIVEN, Happened("given", decision="two"), Happened("withdrawn")),
    "superseded by one for the police": (
        GIVEN,
        Happened("given", decision="two", to=POLICE),
        Happened("superseded"),
    ),
    "given; the other parent refuses": (GIVEN, REFUSED),
    "given; refused; resolved: share": (GIVEN, REFUSED, Happened("resolved", outcome="share")),
    "given; refused; resolved: do not share": (GIVEN, REFUSED, Happened("resolved", outcome="do_not_share")),
    "given on agreement; refused; by court order too": (
        Happened("given", basis="agreement"),
        REFUSED,
        Happened("given", decision="three", basis="court_order"),
    ),
    "given; its agreement ends in 5 hours": (Happened("given", agreement="soon"),),
    "given; its agreement was ended early": (Happened("given", agreement="ended"),),
    "given; housing left its agreement": (Happened("given", agreement="left"),),
    "given; its agreement expired": (Happened("given", agreement="expired"),),
    "passed on without an agreement": (_shown(UNAGREED), Happened("given", by=UNAGREED)),
    "passed on where the agreement makes an exception": (_shown(EXCEPTED), Happened("given", by=EXCEPTED)),
    "passed on to every housing agency without one": (
        _shown(UNAGREED),
        Happened("given", to=TYPE, by=UNAGREED),
    ),
    "given by early help, to whom nothing was shown": (BY_EARLY_HELP,),
    "given by early help; shown to it afterwards": (BY_EARLY_HELP, _shown(OTHER)),
    "shown to early help, who passes it on": (_shown(OTHER), BY_EARLY_HELP),
    "passed on by early help, from whom it was hidden": (
        _shown(OTHER),
        Happened("restricted", decision="hidden", to=OTHER),
        BY_EARLY_HELP,
    ),
    "passed on by early help, to whom it is shown no more": (
        _shown(OTHER),
        BY_EARLY_HELP,
        Happened("withdrawn", decision="shown", to=OTHER, basis="court_order"),
    ),
    "passed on by early help; the school declines": (_shown(OTHER), BY_EARLY_HELP, DECLINED),
    "given by early help; the school countersigns": (BY_EARLY_HELP, COUNTERSIGNED),
    "given by early help; countersigned for another category": (
        Happened("given", by=OTHER, about="another category"),
        Happened("countersigned", about="another category"),
    ),
    "countersigned by the school; declined since": (BY_EARLY_HELP, COUNTERSIGNED, DECLINED),
    "countersigned by the school; withdrawn": (BY_EARLY_HELP, COUNTERSIGNED, Happened("withdrawn", by=OTHER)),
    "given to every housing agency by early help; countersigned": (
        Happened("given", to=TYPE, by=OTHER),
        Happened("countersigned", to=TYPE),
    ),
    "given, then hidden from housing": (GIVEN, HIDDEN),
    "hidden from housing, then given": (HIDDEN, GIVEN),
    "given, then hidden by a no-contact order": (GIVEN, Happened("restricted", decision="order")),
    "given, then hidden from p-1 of housing": (GIVEN, HIDDEN_FROM_ONE),
    "given, then another category hidden": (
        GIVEN,
        Happened("restricted", decision="hidden", about="another category"),
    ),
    "given, hidden from all but housing": (
        GIVEN,
        Happened("restricted", decision="hidden", to="!", exempt=(HOUSING,)),
    ),
    "given, hidden from all but the police": (
        GIVEN,
        Happened("restricted", decision="hidden", to="!", exempt=(POLICE,)),
    ),
    "given, hidden, the restriction lifted": (GIVEN, HIDDEN, Happened("lifted", decision="hidden")),
    "given, hidden, the restriction ended": (
        GIVEN,
        Happened("restricted", decision="hidden", starts=-48, ends=-24),
    ),
    "hidden from the school that wrote it": (Happened("restricted", decision="hidden", to=AUTHOR),),
    "hidden from p-1 of the school that wrote it": (
        Happened("restricted", decision="hidden", to=AUTHOR, person="p-1"),
    ),
    "given, then processing restricted": (
        GIVEN,
        Happened("restricted", decision="hidden", to="*", by=OVERSIGHT),
    ),
    "override of p-1": (OPENED,),
    "override of p-1, ended": (OPENED, Happened("ended", decision="glass", person="p-1")),
    "override of p-1 for another category": (
        Happened("opened", decision="glass", person="p-1", about="another category"),
    ),
    "hidden; override that does not name that": (HIDDEN, OPENED),
    "hidden; override that names it": (HIDDEN, OVER),
    "hidden twice; override that names one": (HIDDEN, AGAIN, OVER),
    "hidden twice; override that names both": (HIDDEN, AGAIN, replace(OVER, names=("hidden", "too"))),
    "hidden twice; an override that names each": (HIDDEN, AGAIN, OVER, OVER_AGAIN),
    "hidden twice; overridden twice; one override ended": (
        *(HIDDEN, AGAIN, OVER, OVER_AGAIN),
        Happened("ended", decision="pane", person="p-1"),
    ),
    "hidden twice; override that names one; the other lifted": (
        *(HIDDEN, AGAIN, OVER),
        Happened("lifted", decision="too"),
    ),
    "hidden; override that names it; hidden again": (HIDDEN, OVER, AGAIN),
    "hidden from p-1; override that names it": (HIDDEN_FROM_ONE, OVER),
}


@dataclass(frozen=True)
class Column:
    """Who asks, in one line."""

    words: str
    asker: Asker


def _asks(agency: str, **more: object) -> Asker:
    facts = {"agency": agency, "team": "", "practitioner": "", "purpose": "asked"} | more
    return Asker(**facts)  # pyright: ignore[reportArgumentType]  # as the callers below have it


COLUMNS: Mapping[str, Column] = {
    "W": Column("the school that wrote it", _asks(AUTHOR)),
    "W1": Column("p-1 of that school", _asks(AUTHOR, practitioner="p-1")),
    "H": Column("housing, and nobody says who of them", _asks(HOUSING)),
    "H1": Column("p-1 of housing", _asks(HOUSING, practitioner="p-1")),
    "H2": Column("p-2 of housing", _asks(HOUSING, practitioner="p-2")),
    "HT": Column("p-2 of housing's duty team", _asks(HOUSING, practitioner="p-2", team="duty")),
    "HX": Column("p-1 of housing, for another purpose", _asks(HOUSING, practitioner="p-1", purpose="other")),
    "HW": Column(
        "p-2 of housing, the school in the room", _asks(HOUSING, practitioner="p-2", others=(AUTHOR,))
    ),
    "HP": Column(
        "p-2 of housing, the police in the room", _asks(HOUSING, practitioner="p-2", others=(POLICE,))
    ),
    "O": Column("another housing agency", _asks(OTHER_HOUSING)),
    "P": Column("the police", _asks(POLICE)),
    "PH": Column("the police, housing in the room", _asks(POLICE, others=(HOUSING,))),
    "E": Column("early help, who recorded a decision where that is said", _asks(OTHER)),
    "D": Column("the hub's oversight", _asks(OVERSIGHT, oversees=True)),
    "-": Column("a connection that says nothing of itself", _asks("")),
}
