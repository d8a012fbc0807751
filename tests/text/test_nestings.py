"""Every construct within every other, two deep: no word is lost, and a heading's address is that of its section."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import product

import pytest
from citations.records import header, record_of
from loomworks_record.pages.texts import rendered_text
from loomworks_record.record.whole import Whole
from text.test_no_word_is_lost import NAME, lost


def within(first: str, rest: str) -> Callable[[str], str]:
    """A container whose first line begins otherwise than the others."""

    def put(text: str) -> str:
        lines = text.split("\n")
        return "\n".join([first + lines[0], *((rest + line).rstrip(" ") for line in lines[1:])])

    return put


def between(before: str, after: str) -> Callable[[str], str]:
    return lambda text: before + text + after


CONTAINERS: dict[str, Callable[[str], str]] = {
    "item": within("- ", "  "),
    "second paragraph": lambda text: "- plantA\n\n" + within("  ", "  ")(text) + "\n- plantB",
    "numbered": within("7. ", "   "),
    "between": lambda text: "1. plantC\n" + within("2. ", "   ")(text) + "\n3. plantD",
    "task": within("- [x] ", "  "),
    "quote": within("> ", "> "),
    "alert": lambda text: "> [!WARNING]\n" + within("> ", "> ")(text),
    "details": between("<details><summary>plantE</summary>\n\n", "\n\n</details>"),
    "open details": between("<details open>\n<summary>plantF *plantG*</summary>\n", "\n</details>"),
    "footnote": lambda text: "plantH[^n]\n\n" + within("[^n]: ", "    ")(text) + "\n\nplantI",
    "division": between('<div align="center">\n\n', "\n\n</div>"),
    "division at once": between("<div>\n", "\n</div>"),
    "paragraph of HTML": between("<p>\n\n", "\n\n</p>"),
    "item of HTML": between("<ul><li>plantJ\n\n", "\n\n</li></ul>"),
    "cell of HTML": between("<table><tr><td>\n\n", "\n\n</td><td>plantK</td></tr></table>"),
    "cell": lambda text: "| a | b |\n|---|---|\n| " + re.sub(r"\n", "<br>", text.replace("|", "\\|")) + " | plantL |",
    "section": between("## plantM\n\n", ""),
}
LEAVES = {
    "paragraph": "plant1 **plant2** `plant3` ~~plant4~~",
    "code": '```py\nplant1 = "plant2"\n\n\tplant3  \n```',
    "fence in a fence": "~~~~\nplant1\n```\nplant2\n~~~~",
    "indented code": "plant0\n\n    plant1\n\n    plant2",
    "table": "| plant1 | plant2 |\n|:--|--:|\n| `a|b` plant3 | plant4 | plant5 |",
    "list": "- plant1\n  - plant2\n\n    plant3\n- plant4",
    "numbers": "1. plant1\n   1. plant2\n10. plant3",
    "tasks": "- [ ] plant1\n- [x] plant2\n  - [ ] plant3",
    "image": '![plant1](x.png "plant2") [plant3](http://e.example "plant4")',
    "tags": "<b>plant1</b> <kbd>plant2</kbd> <user_id> plant3",
    "footnote": "plant1[^z] plant2\n\n[^z]: plant3",
    "reference": "[plant1][r] plant2\n\n[r]: http://e.example",
    "breaks": "**plant1**: plant2\\\nplant3  \nplant4",
    "comment": "plant1 <!-- c --> plant2 &amp; plant3 &copy; \\*plant4",
    "signs of others": "$plant1_a$ ^plant2^ ==plant3== {.plant4}",
}
HEADINGS = {
    "numbered": "### 3.1 Plant1 `plant2`\n\ntext",
    "underlined": "Plant1 plant2\n---\n\ntext",
    "cited": "# §4. Plant1\n\n## 4.1 Plant1\n\nplant §4.1",
}


def nested(names: tuple[str, ...], text: str) -> str:
    for name in reversed(names):
        text = CONTAINERS[name](text)
    return text


@pytest.mark.parametrize("outer", [*CONTAINERS, None], ids=str)
@pytest.mark.parametrize("inner", CONTAINERS)
def test_no_word_is_lost_however_it_is_nested(outer: str | None, inner: str, request: pytest.FixtureRequest) -> None:
    full = request.config.getoption("--full")
    names = (outer, inner) if outer else (inner,)
    number = sum(map(len, names))  # another leaf for each pair of containers
    leaves = list(LEAVES) if full else [list(LEAVES)[number % len(LEAVES)]]
    for leaf in leaves:
        text = nested(names, LEAVES[leaf])
        planted = set(re.findall(r"plant\w", text.casefold()))
        missing = {place: gone & planted for place, gone in lost(text).items()}
        assert not any(missing.values()), (leaf, missing, text)


@pytest.mark.parametrize("names", list(product(sorted(set(CONTAINERS) - {"cell"}), repeat=2))[::16], ids=" in ".join)
@pytest.mark.parametrize("heading", HEADINGS)
def test_a_nested_heading_has_the_address_of_its_section(names: tuple[str, ...], heading: str) -> None:
    text = nested(names, HEADINGS[heading])
    whole = Whole(record_of({NAME: header() + text}))
    body = rendered_text(whole, whole.record.by_path[NAME]).body
    on_page = re.findall(r'<h[1-6][^>]* id="([^"]*)"', body)
    assert on_page == [section.anchor for section in whole.citations.sections(NAME)]
    assert on_page or {"division at once", "open details"} & {*names}  # a tag in the line before: no Markdown
