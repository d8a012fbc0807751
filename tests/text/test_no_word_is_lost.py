"""No word of a filed text is lost: each stands on its page, in the pack of its phase, in what is searched of it, and in
a comparison with its next version."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import pytest
from citations.records import header, record_of
from hostile.documents import body_documents
from hypothesis import given
from hypothesis import strategies as st
from loomworks_record.comparison.comparison import compare
from loomworks_record.comparison.marks import reconstruct
from loomworks_record.pages.reading import pack
from loomworks_record.pages.texts import rendered_text
from loomworks_record.record.whole import Whole
from loomworks_record.source.document import read_document
from loomworks_record.source.kinds import KindTable
from loomworks_record.text.tags import KNOWN_TAGS
from support.site import PROJECT
from text.test_markdown_as_authors_see_it import READ_AS

NAME = "phases/phase-70-words/phase-70-note-words-v0_1.md"
CASES = PROJECT.parent / "shared" / "cases"
# What a text says to the parser, or to nobody: comments, tags, addresses and their titles, the names of entities, of
# languages and of footnotes, numbers of items.
_MARKS = (
    r"<!--.*?-->",
    r"^[ >]*(?:[-*+] +|\d+[.)] +)?(?:`{3,}|~{3,})[^`\n]*$",
    r"^\[(?://|comment)\]:.*$",
    r"\]\((?:<[^<>\n]*>|[^()\s]*)(?:\s+\"(?:\\.|[^\"\\])*\")?|\]\[[^\]\n]*\]",
    r"^ {0,3}\[[^\]]*\]:[ \t]*(?:<[^<>\n]*>|[^\s<]\S*)",
    r"\[\^[^\]\s]*\]",
    r"&#?\w+;",
    r"^[ >]*\d+[.)]",
)
_TAG = re.compile(
    r"""</?(?P<name>[A-Za-z][A-Za-z0-9-]*)(?=[\s/>])(?:"[^"]*"|'[^']*'|[^<>"'])*>?|<[!?][^<>]*>?""", re.DOTALL
)
_SAID = re.compile(r'\s(?:alt|title|href|src)="([^"]*)"')


def words(text: str) -> set[str]:
    return {word.strip("_").casefold() for word in re.findall(r"\w+", text)} - {""}


def filed(text: str) -> set[str]:
    for marks in _MARKS:
        text = re.sub(marks, " ", text, flags=re.MULTILINE | re.DOTALL if ".*?" in marks else re.MULTILINE)
    return words(_TAG.sub(lambda tag: " " if (tag["name"] or "a").lower() in KNOWN_TAGS else tag.group(), text))


def shown(body: str) -> set[str]:
    """Those of HTML: with a tag for nothing, and with a tag for a blank."""
    plain, said = (re.sub(r"<[^>]*>", by, body) for by in ("", " ")), " ".join(_SAID.findall(body))
    return words(html.unescape(" ".join((*plain, said))))


def lost(text: str) -> dict[str, set[str]]:
    """Where which words of a body are missing."""
    later = NAME.replace("v0_1", "v0_2")
    # What follows a header at once may be a part of it, with labels of its own.
    whole = Whole(record_of({NAME: f"{header()}Text.\n\n{text}", later: f"{header('0.2')}Text.\n\nFirst.\n\n{text}"}))
    old, new = (rendered_text(whole, whole.record.by_path[path]) for path in (NAME, later))
    compared = compare(old.unlinked, new.unlinked)
    packed = pack(whole, whole.record.phases[0], str)
    found = {
        "page": filed(text) - shown(old.body),
        "search": filed(text) - shown(old.unlinked),
        "pack": words(text) - words(packed),
        # A comparison drops links to nowhere: words beside them are one.
        "comparison": {word for word in filed(text) if word not in " ".join(shown(reconstruct(compared.html, "old")))},
    }
    return {place: missing for place, missing in found.items() if missing}


def texts() -> Iterator[tuple[str, str]]:
    yield from ((name, text) for name, (text, _) in READ_AS.items())
    for path, text in body_documents():
        yield path, text.partition("\n\n")[2].partition("\n\n")[2]


@pytest.mark.parametrize(("name", "text"), list(texts()), ids=[name for name, _ in texts()])
def test_no_word_is_lost(name: str, text: str) -> None:
    assert lost(text) == {}


@pytest.mark.skipif(not CASES.is_dir(), reason="the cases are not beside this checkout (../shared/cases)")
def test_no_word_of_the_handed_texts_is_lost() -> None:
    found = {path: read_document(path.name, path.read_bytes(), KindTable()) for path in sorted(CASES.rglob("*.md"))}
    read = {path: document.body for path, document in found.items() if document.encoding}
    assert len(read) > 50
    missing = {path.relative_to(CASES).as_posix(): lost(body) for path, body in read.items()}
    assert {path: gone for path, gone in missing.items() if gone} == {}


PIECES = [
    "{}", "**{}**", "_{}_", "~~{}~~", "\\{}", "`{}`", "<{}>", "</{}>", "<{} x=1>", "<b>{}</b>", "<div>{}", "&{};",
    "[{}](a.md)", "[{}]", "[^{}]", "![{}](b.png)", "![{}](data:x)", "# {}", "{}\n===", "> {}", "- {}", "1. {}",
    "- [ ] {}", "{} | {}", "    {}", "| {} |\n|---|\n| x | {} |", "| a |\n|---|\n| {} |", "```\n{}\n```", "~~~ x\n{}",
    "<details>\n\n{}\n\n</details>", "> [!NOTE]\n> {}", "<h2>{}</h2>", "CR v0.1 §1 {}", "## {} {{#x}}", "<script>{}",
    "<main>{}</main><nav>{}</nav>",
]  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(["\n", "\n\n"])), min_size=1, max_size=6))
def test_no_word_of_any_text_is_lost(pieces: list[tuple[str, str]]) -> None:
    text = "".join(piece.format(f"word{at}", f"more{at}") + end for at, (piece, end) in enumerate(pieces))
    planted = set(re.findall(r"(?:word|more)\d", text))
    missing = {place: gone & planted for place, gone in lost(text).items()}
    assert {place: gone for place, gone in missing.items() if gone} == {}
