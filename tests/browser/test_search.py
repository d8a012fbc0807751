"""Full text search: the right document first, filters and state in the address, by keyboard, and inert excerpts."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect
from support import chromium, hosting, searching
from support.previewing import Preview
from support.site import Build, build, write_project

Open = Callable[..., chromium.Visit]


@pytest.fixture(scope="module")
def whole(sample_site: Build) -> Iterator[str]:
    """The sample record, whose search is one shard."""
    with hosting.serve(sample_site.site, like_pages=True) as address:
        yield address


@pytest.fixture(scope="module")
def parted_site(sample_site: Build, tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("shards") / "site"
    searching.in_shards(sample_site.site, sample_site.folder, copy, largest=8)
    assert len(searching.shard_folders(copy)) > 10
    return copy


@pytest.fixture(scope="module")
def parted(parted_site: Path) -> Iterator[str]:
    """The sample record with a search of a dozen shards, current and archived versions apart."""
    with hosting.serve(parted_site, like_pages=True) as address:
        yield address


@pytest.fixture(scope="module")
def halves(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Notes that name a decision, a version or a file, each by half of it."""
    built = build(HALVES, tmp_path_factory.mktemp("halves") / "project")
    with hosting.serve(built.site, like_pages=True) as address:
        yield address


@pytest.fixture(scope="module", params=["whole", "parted"])
def sample(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue(request.param))


CHANGED = "The record has changed since this page was loaded."


def found(page: Page) -> list[str]:
    """The paths of the documents found, in order."""
    links = page.locator("[data-results] > li > p:first-child > a")
    return [str(url).split("/view/")[1] for url in links.evaluate_all("all => all.map(link => link.href)")]


def everything(page: Page) -> list[tuple[str, str]]:
    """All that is found, in order: path and standing."""
    results, more = page.locator("[data-results] > li"), page.locator("[data-more]")
    expect(results.first).to_be_visible()
    while more.is_visible():
        press(page)
    return list(zip(found(page), results.locator(".r-st").all_inner_texts(), strict=True))


def press(page: Page) -> None:
    """Ask for more, and wait for it or for its being all."""
    results, more = page.locator("[data-results] > li"), page.locator("[data-more]")
    before = results.count()
    # By script: a button that is scrolled to may go, since scrolling asks for more as well.
    more.evaluate("button => button.click()")
    expect(results.nth(before).or_(page.locator("p[hidden] > [data-more]")).first).to_be_attached()


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("CR-2026-090", "phase-57-cr-marketing-engagement-creation-v0_4.md.html"),
        ("CR-2026-062", "phase-49-cr-companion-intelligence-v0_3.md.html"),
        ("P57-B3", "phase-57-cr-marketing-engagement-creation-v0_4.md.html"),
        ("Gate 5b", "phase-57-cr-marketing-engagement-creation-v0_4.md.html"),
        # The name of an archived version means that version.
        ("phase-57-cr-marketing-engagement-creation-v0_3.md", "phase-57-cr-marketing-engagement-creation-v0_3.md.html"),
        ("phase-57-cr-marketing-engagement-creation-v0_3", "phase-57-cr-marketing-engagement-creation-v0_3.md.html"),
        ("methodology", "loomworks-methodology-v0_20.md.html"),
    ],
)
def test_the_right_document_comes_first(sample: str, look: Open, query: str, path: str) -> None:
    page = look(f"{sample}/search/?q={quote(query)}").page
    expect(page.locator("[data-results] > li").first).to_be_visible()
    assert found(page)[0].endswith(f"/{path}")


NAMED = {
    "CR v0.3": "archive/phase-57-cr-marketing-engagement-creation-v0_3.md",
    "v0_3": "archive/phase-57-cr-marketing-engagement-creation-v0_3.md",
    "0.3": "archive/phase-57-cr-marketing-engagement-creation-v0_3.md",
    "methodology v0.20": "loomworks-methodology-v0_20.md",
    "scoping note v0.2": "loomworks-phase-57-scoping-note-v0_2.md",
    "B10": "phase-57-cr-marketing-engagement-creation-v0_4.md",
    "P57-B10": "phase-57-cr-marketing-engagement-creation-v0_4.md",
    "090": "phase-57-cr-marketing-engagement-creation-v0_4.md",
    "creation-v0_2": "archive/phase-57-cr-marketing-engagement-creation-v0_2.md",
    "loomworks-brand-guide-v0_15.html": "loomworks-brand-guide-v0_15.html",
    "agent fabric investigation": "loomworks-agent-fabric-investigation-v0_1.md",
}


def _named_come_first(address: str, look: Open) -> None:
    page = look(f"{address}/search/").page
    came = {}
    for query in NAMED:
        page.goto(f"{address}/search/?q={quote(query)}")
        expect(page.locator("[data-results] > li").first).to_be_visible()
        came[query] = found(page)[0].rpartition("/")[2].removesuffix(".html")
    assert came == {query: path.removeprefix("archive/") for query, path in NAMED.items()}


def test_what_is_named_comes_first_among_what_holds_the_words(whole: str, look: Open) -> None:
    _named_come_first(whole, look)


@pytest.mark.full
def test_what_is_named_comes_first_in_many_shards(parted: str, look: Open) -> None:
    _named_come_first(parted, look)


def test_a_title_comes_before_a_body(halves: str, look: Open) -> None:
    page = look(f"{halves}/search/?q=lantern").page
    expect(page.locator("[data-results] > li").first).to_be_visible()
    paths = [path.rpartition("/")[2].removesuffix(".md.html") for path in found(page)]
    assert paths == ["seven-v0_2", "eight-v0_1", "seven-v0_1"]  # current before archived


@pytest.mark.parametrize("query", ["7.2", "§7.2"])
def test_the_number_of_a_section_finds_what_has_it(sample: str, look: Open, query: str) -> None:
    """Before all that hold the digits, and the section is the first place that is offered."""
    page = look(f"{sample}/search/?q={quote(query)}").page
    expect(page.locator("[data-results] > li").first).to_be_visible()
    press(page)
    results = page.locator("[data-results] > li").all()
    titles = [result.locator("p.where a").first.inner_text() for result in results]
    assert [title.startswith(("7.2 ", "§7.2 ")) for title in titles[:6]] == [True] * 5 + [False]
    assert results[0].locator(".r-st--current").count() == 1
    section = results[0].locator("p.where a").first
    section.click()
    expect(page.locator("#s7-2")).to_be_in_viewport()


def test_current_comes_before_archived(sample: str, look: Open) -> None:
    page = look(f"{sample}/search/?q=passkey").page
    standings = [standing for _, standing in everything(page)]
    assert len(set(standings)) == 2
    assert standings == sorted(standings, key=lambda words: words.startswith("Archived"))


def test_the_archived_versions_of_a_small_record_are_searched_at_once(whole: str, look: Open) -> None:
    page = look(f"{whole}/search/?q=phase").page
    expect(page.get_by_role("status").filter(has_text=" documents found")).to_have_count(1)


def test_those_of_a_large_one_are_searched_when_asked_for(parted_site: Path, parted: str, look: Open) -> None:
    seen = look(f"{parted}/search/?q=phase")
    page = seen.page
    results, more = page.locator("[data-results] > li"), page.locator("[data-more]")
    folders = {folder.name for folder in searching.shard_folders(parted_site)}
    opened = {name for name in folders if any(name in url for url in seen.requests)}
    assert opened == {name for name in folders if name.startswith("c")} < folders
    status = page.get_by_role("status").filter(has_text="current documents found, archived versions follow")
    expect(status).to_have_count(1)
    while more.inner_text() == "Show more":
        press(page)
    assert page.locator("[data-results] .r-st--archived").count() == 0
    before = results.count()
    press(page)
    expect(results.nth(before).locator(".r-st--archived")).to_be_visible()
    expect(results.nth(before).locator("a").first).to_be_focused()
    while more.is_visible():
        press(page)
    expect(page.get_by_role("status").filter(has_text=f"{results.count()} documents found")).to_have_count(1)
    assert (seen.complaints, seen.strangers()) == ([], [])


QUERIES = ("passkey", "CR-2026-090", '"the creation route"', "7.2")
MORE_QUERIES = ("gate 5b", "engagement creation", "P57-D7", "halts", "v0.3")


@pytest.mark.parametrize("query", [*QUERIES, *(pytest.param(each, marks=pytest.mark.full) for each in MORE_QUERIES)])
def test_many_shards_find_what_one_finds(whole: str, parted: str, look: Open, query: str) -> None:
    alone = everything(look(f"{whole}/search/?q={quote(query)}").page)
    together = everything(look(f"{parted}/search/?q={quote(query)}").page)
    assert len(alone) > 1
    assert sorted(together) == sorted(alone)
    # Of several indexes each has its own mean length of a page, so what is alike may change places: here six documents
    # have both words of "engagement creation" in their names. The first of either is on the first screen of the other.
    assert together[0] in alone[:6] and alone[0] in together[:6]


def test_filters_count_what_all_shards_hold(sample: str, look: Open) -> None:
    page = look(f"{sample}/search/").page
    options = page.get_by_label("Phase").locator("option").all_inner_texts()
    assert options == ["Every phase", "57 (18)", "56 (5)", "55 (3)", "49 (6)", "39 (3)"]
    assert page.get_by_label("Standing").locator("option").all_inner_texts() == [
        "Any standing",
        "Archived (15)",
        "Current (44)",
    ]


@pytest.mark.parametrize(
    ("filters", "number"),
    [("phase=57", 18), ("standing=Archived", 15), pytest.param("standing=Current", 44, marks=pytest.mark.full)],
)
def test_a_filter_finds_as_many_as_it_says(sample: str, look: Open, filters: str, number: int) -> None:
    assert len(everything(look(f"{sample}/search/?{filters}").page)) == number


def test_a_search_from_any_page_and_back(sample: str, look: Open) -> None:
    seen = look(f"{sample}/phases/")
    page = seen.page
    page.get_by_role("search", name="Search the record").get_by_role("searchbox").fill("passkey")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=passkey")
    expect(page.get_by_role("status").filter(has_text="documents found")).to_have_count(1)
    first = page.locator("[data-results] > li").first
    expect(first).to_be_visible()
    everything = len(found(page))
    page.get_by_label("Standing").select_option("Archived")
    page.wait_for_url("**/search/?q=passkey&standing=Archived")
    expect(page.locator("[data-results] .r-st--current")).to_have_count(0)
    expect(first).to_be_visible()
    assert 0 < len(found(page)) < everything
    page.go_back()
    expect(page.locator("[data-results] .r-st--current").first).to_be_visible()
    expect(page.get_by_label("Standing")).to_have_value("")
    assert (seen.complaints, seen.strangers()) == ([], [])


def test_an_archived_result_says_what_holds_now(sample: str, look: Open) -> None:
    page = look(f"{sample}/search/?q=CR+v0.3&phase=57").page
    row = page.locator("[data-results] > li", has=page.locator("a[href*='engagement-creation-v0_3.md']")).first
    now = row.get_by_role("link", name="now v0.4", exact=True)
    expect(now).to_be_visible()
    assert row.locator(".r-st").inner_text() == "Archived (read-only)"
    expect(page.locator("[data-answers] li").first).to_contain_text("now v0.4")
    now.click()
    page.wait_for_url("**/view/**/phase-57-cr-marketing-engagement-creation-v0_4.md*")


def test_filters_alone_list_documents(sample: str, look: Open) -> None:
    page = look(f"{sample}/search/?phase=49").page
    expect(page.locator("[data-results] > li")).to_have_count(6)
    assert all("/phase-49-" in path for path in found(page))


def test_a_section_is_offered_and_more_results_by_keyboard(sample: str, look: Open) -> None:
    page = look(f"{sample}/search/?q=phase").page
    results = page.locator("[data-results] > li")
    expect(results.first).to_be_visible()
    more = page.get_by_role("button", name="Show more")
    more.scroll_into_view_if_needed()
    expect(results).to_have_count(10)
    more.press("Enter")
    expect(results).to_have_count(20)
    expect(results.nth(10).locator("a").first).to_be_focused()
    section = page.locator("[data-results] p.where a").first
    address = section.get_attribute("href")
    section.click()
    expect(page.locator(f'[id="{str(address).split("#")[1]}"]')).to_be_in_viewport()


def test_what_is_not_there_is_said(sample: str, look: Open) -> None:
    page = look(f"{sample}/search/?q=CR-2099-001").page
    status = page.get_by_role("status").filter(has_text="Nothing holds “CR-2099-001” as it is written. Near it: ")
    expect(status).to_have_count(1)
    page.goto(f"{sample}/search/?q=passkey&kind=Investigation")
    expect(page.get_by_role("status").filter(has_text="Nothing found.")).to_have_count(1)


def test_excerpts_hold_what_was_filed(sample: str, look: Open) -> None:
    """Not the path, the standing and the filters that stand around it."""
    page = look(f"{sample}/search/?q=CR-2026-090").page
    expect(page.locator("[data-results] > li").first).to_be_visible()
    excerpts = " ".join(page.locator("[data-results] blockquote").all_inner_texts())
    assert "DUNIN7 · LOOMWORKS · RECORD" not in excerpts
    assert "Change request57" not in excerpts


def test_an_excerpt_is_text(corners: str, look: Open) -> None:
    """What a document says about markup stays words, even where an index would not escape it."""
    page = look(f"{corners}/search/").page
    excerpt = "before <mark>word</mark> <img src=x onerror=alert(1)> <script>alert(2)</script> & after"
    page.route(
        "**/pagefind.js", lambda route: route.fulfill(content_type="text/javascript", body=_FAKE % repr(excerpt))
    )
    page.goto(f"{corners}/search/?q=word")
    quote_of = page.locator("[data-results] blockquote")
    expect(quote_of).to_contain_text("before word")
    assert quote_of.locator("*").evaluate_all("all => all.map(e => e.nodeName)") == ["MARK"]


_FAKE = """
const data = {url: "/", meta: {title: "<b>x</b>"}, excerpt: %s, sub_results: []};
const result = {id: "1", score: 1, data: async () => data};
export const options = async () => {};
export const mergeIndex = async () => {};
export const search = async () => ({results: [result]});
"""


def test_without_script_the_search_leads_to_the_list(sample: str, visit: Open) -> None:
    page = visit(f"{sample}/search/?q=passkey", javascript=False).page
    said = page.locator("noscript p")
    assert "Search needs JavaScript." in str(said.text_content())
    assert said.bounding_box() is not None
    assert page.locator("[data-search]").is_hidden()
    page.locator("noscript a", has_text="whole list of documents").click()
    page.wait_for_url(f"{sample}/documents/")


def test_an_index_that_is_still_being_made_is_waited_for(sample: str, visit: Open) -> None:
    page = visit("about:blank").page
    page.route("**/shards.json", lambda route: route.fulfill(status=404))
    page.goto(f"{sample}/search/?q=passkey")
    expect(page.get_by_role("status").filter(has_text="The search index is being made")).to_have_count(1)
    page.unroute("**/shards.json")
    expect(page.locator("[data-results] > li").first).to_be_visible()
    for said in ("[data-no-index]", "[data-nothing]"):
        expect(page.locator(said)).to_have_count(1)
        expect(page.locator(said)).to_be_hidden()


def test_without_an_index_the_list_of_documents_is_offered(sample: str, visit: Open) -> None:
    page = visit("about:blank").page
    page.clock.install()
    page.route("**/shards.json", lambda route: route.fulfill(status=200, body="{half"))
    page.goto(f"{sample}/search/?q=passkey")
    given_up = page.get_by_role("link", name="whole list of documents")
    for _ in range(40):
        page.clock.run_for(5_000)  # between the looks for an index, which are real requests
        if given_up.is_visible():
            break
    expect(page.get_by_role("status").filter(has_text="There is no search index yet.")).to_have_count(1)
    given_up.click()
    page.wait_for_url(f"{sample}/documents/")


def test_an_index_that_is_gone_is_said(sample: str, visit: Open) -> None:
    page = visit("about:blank").page
    page.route("**/shards/**", lambda route: route.fulfill(status=404))
    page.goto(f"{sample}/search/?q=passkey")
    expect(page.get_by_role("status").filter(has_text=CHANGED)).to_have_count(1)


def test_a_search_that_is_open_while_another_release_is_swapped_in_says_so(
    parted_site: Path, tmp_path: Path, visit: Open
) -> None:
    """Never "Nothing found" for words that are there: the parts of the index that it needs are gone."""
    site = Path(shutil.copytree(parted_site, tmp_path / "site"))
    with hosting.serve(site, like_pages=True) as address:
        page = visit(f"{address}/search/?q=passkey").page
        expect(page.locator("[data-results] > li").first).to_be_visible()
        listed = site / "pagefind/shards.json"
        text = listed.read_text("utf-8")
        for folder in searching.shard_folders(site):
            folder.rename(folder.with_name(f"{folder.name}0"))
            text = text.replace(folder.name, f"{folder.name}0")
        listed.write_text(text, "utf-8")
        page.locator("#r-text").fill("ledger")
        page.get_by_role("button", name="Search", exact=True).last.click()
        expect(page.get_by_role("status").filter(has_text=CHANGED)).to_have_count(1)


HALVES = {
    "notes/one-v0_1.md": "# One\n\nDecided as P57-B10 then.\n",
    "notes/two-v0_1.md": "# Two\n\nThe version was v0_3 then.\n",
    "notes/three-v0_1.md": "# Three\n\nThe version was v0.3 then.\n",
    "notes/four-v0_1.md": "# Four\n\nThe file phase-9-cr-desk-creation-v0_2.md holds it.\n",
    "notes/five-v0_1.md": "# Five\n\nPlan b remains, and b again; RFC-12a asks for it.\n",
    "notes/archive/six-v0_1.md": "# Six\n\nSee P57-B10.\n",
    "notes/six-v0_2.md": "# Six\n\nSee another.\n",
    "notes/archive/seven-v0_1.md": "# A lantern\n\nEarlier.\n",
    "notes/seven-v0_2.md": "# A lantern\n\nLater.\n",
    "notes/nine-v0_1.md": "# Nine\n\n本周我们讨论了这个世界的灯笼，没有结论。\n",
    "notes/ten-v0_1.md": "# Ten\n\n这份界面说明世上的灯。\n",
    "notes/eight-v0_1.md": f"# Eight\n\n{'The lantern is lit. ' * 30}\n",
}


@pytest.mark.parametrize(
    ("text", "first", "all_of_them"),
    [
        ("B10", "one", {"one-v0_1", "six-v0_1"}),
        ("p57-b10", "one", {"one-v0_1", "six-v0_1"}),
        ("v0_3", "", {"two-v0_1", "three-v0_1"}),
        ("v0.3", "", {"two-v0_1", "three-v0_1"}),
        ("v0_2", "", {"four-v0_1", "six-v0_2", "seven-v0_2"}),
        ("creation-v0_2", "four", {"four-v0_1"}),
        ("phase-9-cr-desk-creation-v0_2.md", "four", {"four-v0_1"}),
        ("12a", "five", {"five-v0_1"}),
        ("世界", "nine", {"nine-v0_1"}),
        ("讨论了这个世界", "nine", {"nine-v0_1"}),
        ("灯笼 结论", "nine", {"nine-v0_1"}),
    ],
)
def test_half_of_a_name_finds_what_holds_it(
    halves: str, look: Open, text: str, first: str, all_of_them: set[str]
) -> None:
    page = look(f"{halves}/search/?q={quote(text)}").page
    names = [path.rpartition("/")[2].removesuffix(".md.html") for path, _ in everything(page)]
    assert set(names) == all_of_them
    assert names[0].startswith(first)
    assert "Near it" not in page.locator("[data-found]").inner_text()


def test_what_was_edited_in_a_preview_is_found_once_and_as_it_is(tmp_path: Path, visit: Open) -> None:
    """Its index is made anew only later: the edited document is found beside it, and the older text of it is not."""
    project = tmp_path / "project"
    write_project({f"note-{at}-v0_1.md": f"# Note {at}\n\nCommon words, and zwieback{at}.\n" for at in "abc"}, project)
    preview = Preview(project, quiet=60)
    preview.build()
    preview.wait()
    (project / "content/note-b-v0_1.md").write_text("# Note b\n\nCommon words, and pumpernickel.\n")
    (project / "content/note-c-v0_1.md").unlink()
    preview.build()
    preview.wait_beside()
    with hosting.serve(preview.site.root, like_pages=True) as address:
        page = visit(f"{address}/search/?q=common").page
        expect(page.locator("[data-results] > li")).to_have_count(2)
        assert sorted(found(page)) == ["note-a-v0_1.md.html", "note-b-v0_1.md.html"]
        page = visit(f"{address}/search/?q=pumpernickel").page
        expect(page.locator("[data-results] > li")).to_have_count(1)
        for word in ("zwiebackb", "zwiebackc"):
            page = visit(f"{address}/search/?q={word}").page
            expect(page.get_by_role("status").filter(has_text="Nothing found.")).to_have_count(1)
