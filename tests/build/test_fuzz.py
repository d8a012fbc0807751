"""No document ends a run: texts that nobody would write, taken through all that a build and a command do with them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from build.workshop import SITE
from hypothesis import given, settings
from hypothesis import strategies as st
from loomworks_record.build.look import Look, unpacked_look
from loomworks_record.build.search import found_by, searched
from loomworks_record.pages.api import whole_json
from loomworks_record.pages.changes import Changes, changes_of
from loomworks_record.pages.plan import Plan
from loomworks_record.pages.plan_parts import ComparisonOf, composed
from loomworks_record.pages.texts import rendered_text
from loomworks_record.record.record import Record
from loomworks_record.record.whole import Whole
from loomworks_record.render.templates import render_page, sources, templates_folder
from loomworks_record.render.text import RenderedText
from loomworks_record.source.config import RecordConfig
from loomworks_record.source.document import read_guarded
from loomworks_record.source.problem import UNREADABLE
from loomworks_record.source.store import Content

SAMPLE = Path(__file__).resolve().parents[2] / "content"
FOLDER = "phases/phase-7-rates"
NAMES = (
    f"{FOLDER}/archive/phase-7-cr-rates-v0_1.md",
    f"{FOLDER}/phase-7-cr-rates-v0_2.md",
    f"{FOLDER}/phase-7-cr-amendment-handoff-v0_1.md",
    f"{FOLDER}/phase-7-halt-surface-2026-05-12-v0_1.md",
    "notes/rates-v0_1.html",
)

# Words of this record, and signs of Markdown and HTML; {} is filled with another piece.
PIECES = (
    "a word", "spec v0.2", "CR v0.1", "CR v0.1–v0.9", "Phase 7 CR v0.2 §1", "§1.2", "Section 4", "CR-2026-090",
    "Gate 5b", "P7-D1", "phase-7-cr-rates-v0_1.md", "rates-v0_1.html", "v0.1 / v0.2", "2026-02-30",
    "12 May 2026", "cycle 2", "Step 2c", "elsewhere (engine repo docs/x/)", "- {}", "1. {}", "- [ ] {}", "# {}",
    "###### {}", "{}\n===", "{}\n---", "> {}", "> > {}", "**{}**", "*{}*", "_{}", "`{}`", "``{}", "~~{}~~",
    "[{}](a.md)", "[{}](#s1)", "[{}][1]", "[1]: {}", "[^1]: {}", "{}[^1]", "![{}](a.png)", "<b>{}</b>",
    "<div>\n\n{}\n\n</div>", "<!-- {} -->", "x <!-- {}\n\n{} -->", "<script>{}", "<{}>", "</{}>",
    "<h2 id='{}'>{}</h2>", "&amp;{}", "&#0;{}", "```\n{}\n```", "~~~ x\n{}", "    {}", "\t{}",
    "| {} | {} |\n|---|---|\n| {} | x |", "| {} |\n|-|", "|", "---", "***", "- ", "--", "…", "\\{}", "\\", "*",
    "_", "`", "[", "](", "{}:", "**Version.** {}", "**Date.** {} **Status.** {}", "Version: {}",
    "---\ntitle: {}\nstatus: [{}\n---", "---\nversion: {}\n---\n", "<title>{}</title>", "<dt>{}<dd>{}", "\x00",
    "\x01", "\x1a", "\ufffc", "\u200b", "\u202e", "\ufeff", "é", "世界", "👩‍👩‍👧", "\r\n", "\x0b", "\u2028",
)  # fmt: skip
EXAMPLES = 2000 if settings().max_examples > 100 else 25  # of up to five documents each

_piece = st.sampled_from(PIECES)
_ends = st.sampled_from(["\n", "\n\n", " ", "", "\n    ", "\n- ", "\n> "])


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Blocks, some of them inside others."""
    blocks = []
    for piece, inner, end in draw(st.lists(st.tuples(_piece, _piece, _ends), max_size=12)):
        blocks += [piece.replace("{}", inner.replace("{}", "x")), end]
    head = draw(st.sampled_from(["", "# Rates\n\n", "# Rates\n\n**Version.** 0.1 **Date.** 2026-05-12\n\n"]))
    return head + "".join(blocks)


@cache
def sample() -> tuple[str, ...]:
    return tuple(file.read_text("utf-8") for file in sorted(SAMPLE.rglob("*.md")))


@st.composite
def mutations(draw: st.DrawFn) -> str:
    """A document of the sample record, with some of it gone, moved, said twice, or other signs in it."""
    text = draw(st.sampled_from(sample()))
    begin = draw(st.integers(0, max(0, len(text) - 3000)))
    text = text[begin : begin + 3000]
    for _ in range(draw(st.integers(1, 6))):
        at, size, to = draw(st.tuples(st.integers(0, len(text)), st.integers(0, 200), st.integers(0, len(text))))
        part = text[at : at + size]
        match draw(st.integers(0, 3)):
            case 0:
                text = text[:at] + text[at + size :]
            case 1:
                text = text[:to] + part + text[to:]
            case 2:
                text = text[:at] + draw(_piece) + text[at:]
            case _:
                text = text[:at] + part[::-1] + text[at + size :]
    return text


def read(filed: Mapping[str, bytes]) -> Whole:
    config = RecordConfig()
    pairs = [read_guarded(path, filed[path], config.kinds) for path in sorted(filed)]
    documents = tuple(document for document, _ in pairs)
    return Whole(Record(config, Content(documents, (), (), tuple(each for _, found in pairs for each in found))))


def go_through(filed: Mapping[str, bytes]) -> None:
    """Everything that a command or a build asks of a record."""
    whole = read(filed)
    whole_json(whole)
    plan = Plan(whole, SITE)
    site, env = unpacked_look(look())
    made = {document.path: rendered_text(whole, document) for document in whole.record.documents}
    for document in whole.record.documents:
        searched(found_by(whole.record, document), made[document.path]).html()
    for page in plan.pages():
        parts: list[RenderedText | Changes] = [made[document.path] for document in page.texts]
        if isinstance(page.part, ComparisonOf):
            parts = [changes_of(plan.comparison_inputs(page.part), made[page.part.old.path], made[page.part.new.path])]
        render_page(env, page.template, page.address, {"site": site, **composed(page.values(), parts)})
    assert plan.names().make()
    for file in (*plan.files(), *plan.said_files()):
        if file.data is not None:
            file.data()
    assert [str(problem) for problem in whole.problems if problem.code == UNREADABLE] == []


@cache
def look() -> bytes:
    return Look(SITE, sources([templates_folder()]), {}).packed


def _filed(texts: list[str]) -> dict[str, bytes]:
    return {path: text.encode("utf-8", "surrogatepass") for path, text in zip(NAMES, texts, strict=False)}


@settings(max_examples=EXAMPLES)
@given(st.lists(texts(), min_size=1, max_size=len(NAMES)))
def test_generated_documents(written: list[str]) -> None:
    go_through(_filed(written))


@settings(max_examples=EXAMPLES)
@given(st.lists(mutations(), min_size=1, max_size=3))
def test_mutated_documents(written: list[str]) -> None:
    go_through(_filed(written))


@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    go_through({NAMES[1]: data, NAMES[4]: data})


def test_deep_nesting() -> None:
    deep = [
        "> " * 600 + "x",
        "- " * 600 + "x",
        "[" * 900 + "x" + "](a)" * 900,
        "<div>" * 900 + "x",
        "*" * 5000 + "x",
        "(" * 3000,
        "\n".join("    " * level + f"- {level}" for level in range(150)),
        "**a " * 900,
        "<b>" * 2000,
        "#" * 3000,
    ]
    for text in deep:
        go_through({NAMES[0]: f"# T\n\n{text}\n".encode(), NAMES[1]: f"# T\n\n{text} y\n".encode()})
