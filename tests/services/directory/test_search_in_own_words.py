"""Search in the words of families: every row was typed by somebody, or could have been."""

from typing import Any

import pytest

from services.directory.rules import languages, wording
from tests.services.directory import judge
from tests.services.directory.conftest import Directory, Serve
from tests.services.directory.feeds import a_place, a_service, an_id, feed_of
from tests.services.directory.offers import weekly

HOME = "BS5 6LA"
SPOKEN = [{"id": an_id("welsh"), "name": "Welsh", "code": "cy"}]
SIGNED = [{"id": an_id("signed"), "name": "British Sign Language"}]


def _offers() -> list[dict[str, Any]]:
    """One service of each kind, each of another name."""
    plain = {
        "Money Advice": "Debt, benefits and budgeting.",
        "Housing Rights": "Homelessness and eviction.",
        "Pantry": "A food bank.",
        "Calm Minds": "Counselling for low mood and anxiety.",
        "Talking Tots": "Speech and language for small children.",
        "Steps": "For parents whose children have challenging behaviour.",
        "Youth Nights": "A youth club.",
        "Homework Crew": "An after school club.",
        "Access Trust": "For disabled children; a step free building.",
        "Spectrum": "Autism and ADHD, before and after a diagnosis.",
        "Little Acorns": "A nursery, with places for two year olds.",
        "Rhyme Time": "Stay and play for babies and toddlers.",
        "Reading Friends": "For children with dyslexia.",
        "Night Owls": "For families whose children do not sleep.",
        "Safe": "Domestic abuse support.",
        "Warmth": "Help to pay for electricity.",
        "Rainbow": "Bereavement support.",
        "Attend": "Attendance and going back to class.",
        "Listening": "For those who self harm.",
        "Alone Together": "Befriending for lone parents.",
    }
    offers = [a_service(name, name=name, description=about) for name, about in plain.items()]
    evening = [weekly("MO", "18:00", "20:00")]
    sunday = [weekly("SU", "9:00", "11:00")]
    babies = {"minimum_age": 0, "maximum_age": 0, "languages": SPOKEN, "schedules": sunday}
    grown = {"minimum_age": 14, "maximum_age": 19, "languages": SIGNED}
    near = [a_place("near", HOME, name="Hall")]
    return [
        *(one | {"minimum_age": 5, "schedules": []} for one in offers),
        a_service("evening", name="Kestrel", description="x", schedules=evening, **grown),
        a_service("babies", name="Wren", description="x", **babies),
        a_service("one", name="Heron Football", description="x", minimum_age=5, schedules=[],
            service_at_locations=near),
        a_service("both", name="Heron Football Chess", description="x", minimum_age=5, schedules=[],
            service_at_locations=[a_place("far", "BS5 9LE", name="Hall")]),
    ]  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
async def offer(directory: Directory, serve: Serve) -> None:
    """The services."""
    report = await directory.pull(await serve(feed_of(_offers())))
    assert report["counts"]["added"] == 24


FOUND = [
    ("money worries", "Money Advice"),
    ("worried about money", "Money Advice"),
    ("struggling with bills", "Money Advice"),
    ("cant pay rent", "Money Advice"),
    ("can't pay the rent", "Money Advice"),
    ("behind with rent", "Money Advice"),
    ("loan shark", "Money Advice"),
    ("poeni am arian", "Money Advice"),
    ("bailiffs at the door", "Money Advice"),
    ("nowhere to live", "Housing Rights"),
    ("sofa surfing", "Housing Rights"),
    ("tŷ", "Housing Rights"),
    ("digartref", "Housing Rights"),
    ("no food", "Pantry"),
    ("bwyd", "Pantry"),
    ("food voucher", "Pantry"),
    ("i feel depressed", "Calm Minds"),
    ("panic attacks", "Calm Minds"),
    ("gorbryder", "Calm Minds"),
    ("speech therapy", "Talking Tots"),
    ("speach therapy", "Talking Tots"),
    ("my son is not talking", "Talking Tots"),
    ("stammer", "Talking Tots"),
    ("teenager angry", "Youth Nights"),
    ("anger management", "Steps"),
    ("tantrums", "Steps"),
    ("violent child", "Steps"),
    ("clwb ieuenctid", "Youth Nights"),
    ("after school club", "Homework Crew"),
    ("after-school clubs", "Homework Crew"),
    ("clwb ar ôl ysgol", "Homework Crew"),
    ("wheelchair", "Access Trust"),
    ("anabledd", "Access Trust"),
    ("A.D.H.D.", "Spectrum"),
    ("a.s.d", "Spectrum"),
    ("hyperactive", "Spectrum"),
    ("awtistiaeth", "Spectrum"),
    ("childminder", "Little Acorns"),
    ("child minder", "Little Acorns"),
    ("meithrin", "Little Acorns"),
    ("creche", "Little Acorns"),
    ("mudiad meithrin", "Rhyme Time"),
    ("baby group", "Rhyme Time"),
    ("dislexia", "Reading Friends"),
    ("dyslecsia", "Reading Friends"),
    ("wont sleep", "Night Owls"),
    ("bedtime", "Night Owls"),
    ("abusive partner", "Safe"),
    ("trais domestig", "Safe"),
    ("gas and electric", "Warmth"),
    ("ynni", "Warmth"),
    ("my mum died", "Rainbow"),
    ("galar", "Rainbow"),
    ("wont go to school", "Attend"),
    ("skipping school", "Attend"),
    ("hurting myself", "Listening"),
    ("single mum", "Alone Together"),
    ("lonely", "Alone Together"),
    ("monday evening", "Kestrel"),
    ("mondays", "Kestrel"),
    ("mon evening", "Kestrel"),
    ("nos Lun", "Kestrel"),
    ("my daughter is 15 monday evenings", "Kestrel"),
    ("my baby is 6 months", "Wren"),
    ("6 months old", "Wren"),
    ("6 months", "Wren"),
    ("for my 8 week old", "Wren"),
    ("at the weekend", "Wren"),
    ("dydd Sul", "Wren"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "name"), FOUND, ids=[words for words, _ in FOUND])
async def test_it_finds_what_a_family_asks_for(directory: Directory, words: str, name: str) -> None:
    assert name in (await directory.names(search=words))[:3]


@pytest.mark.parametrize("language", ["cymraeg", "Cymraeg", "Welsh", "welsh", "cy", "CY"])
async def test_it_knows_a_language_by_its_names_and_code(directory: Directory, language: str) -> None:
    assert await directory.names(language=language) == ["Wren"]


@pytest.mark.parametrize("language", ["bfi", "BSL", "british sign language", "Iaith Arwyddion Prydain"])
async def test_it_knows_a_language_that_a_service_only_names(directory: Directory, language: str) -> None:
    assert await directory.names(language=language) == ["Kestrel"]


def test_it_takes_a_language_it_does_not_know_at_its_word() -> None:
    assert languages.tokens("Klingon") == ["language-code:klingon", "language:klingon"]


async def test_it_relaxes_only_when_nothing_has_all_words_and_says_so(directory: Directory) -> None:
    strict = await directory.http.get("/services", params={"search": "heron chess"})
    assert [one["name"] for one in strict.json()["contents"]] == ["Heron Football Chess"]
    assert "search-relaxed" not in strict.headers
    for path in ("/services", "/service_at_locations"):
        relaxed = await directory.http.get(path, params={"search": "heron chess zzyzx"})
        assert relaxed.headers["search-relaxed"] == "true"
        assert relaxed.json()["total_items"] == 2
        assert judge.faults(judge.paths()[path][0], relaxed.json()) == []
        assert list(judge.blanks(relaxed.json())) == []
    asked = await directory.http.post("/services/search", json={"search": "heron chess zzyzx"})
    assert asked.headers["search-relaxed"] == "true"


async def test_it_puts_what_has_most_of_the_words_first_near_or_far(directory: Directory) -> None:
    best = ["Heron Football Chess", "Heron Football"]
    assert await directory.names(search="heron chess zzyzx") == best
    assert await directory.names(search="heron chess zzyzx", postcode=HOME, proximity=5000) == best


async def test_it_says_so_of_counts_and_of_maps_too(directory: Directory) -> None:
    counted = await directory.get("/services/facets", search="heron chess zzyzx")
    assert (counted["total_items"], counted["relaxed"]) == (2, True)
    assert "relaxed" not in await directory.get("/services/facets", search="heron")
    drawn = await directory.get("/service_at_locations", search="heron chess zzyzx", format="geojson")
    assert (len(drawn["features"]), drawn["relaxed"]) == (2, True)
    lines = await directory.http.get("/services", params={"search": "heron zzyzx", "format": "ndjson"})
    assert (len(lines.text.splitlines()), lines.headers["search-relaxed"]) == (2, "true")


@pytest.mark.parametrize("words", ['"heron zzyzx"', "heron -football", "council zzyzx", "zzyzx", "xyzzy 12"])
async def test_it_does_not_relax_what_is_written_on_purpose_or_says_nothing(
    directory: Directory, words: str
) -> None:
    answer = await directory.http.get("/services", params={"search": words})
    assert (answer.json()["total_items"], "search-relaxed" in answer.headers) == (0, False)


@pytest.mark.parametrize(
    ("words", "counted"),
    [
        ("money worries", 0),
        ("heron zzyzx debt", 0),
        ("fuel bailiffs", 0),
        ("immunisation", 1),
        ("heron immunisation", 1),
    ],
)
async def test_unmet_need_is_what_no_relaxed_search_finds(
    directory: Directory, words: str, counted: int
) -> None:
    tally = directory.app.state.tally
    before = sum(tally.waiting.values())
    await directory.http.post("/services/search", json={"search": words}, headers={"x-hub-mark": words})
    assert sum(tally.waiting.values()) - before == counted


def test_a_day_in_a_name_stays_a_word() -> None:
    meant = wording.meaning("Young Carers Tuesday")
    assert (meant.days, meant.said) == ((), "Young Carers Tuesday")
