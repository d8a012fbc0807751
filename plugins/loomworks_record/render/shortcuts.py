"""Shortcuts: Python-Markdown tries every rule on every block and run of text; most of a text calls for none.

What is rendered is the same with and without them. Each looks for the signs that a rule needs before the rule is tried.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.blockprocessors import ParagraphProcessor
from markdown.extensions import Extension
from markdown.preprocessors import HtmlBlockPreprocessor
from markdown.treeprocessors import InlineProcessor
from markdown.util import AtomicString

# No rule for blocks but that for paragraphs takes up a line that begins so: a letter, code, bold words, a bracket.
_PLAIN_LINE = re.compile(r"[^\W\d_]|`|\*\*[^\W\d_]|[(“§]")
_LINE_BREAK = "  \n"
# What the inline rules of each name begin with; one that is not named here is always tried.
_SIGNS = {
    "backtick": "`", "escape": "\\", "reference": "[", "link": "[", "short_reference": "[", "image_link": "![",
    "image_reference": "![", "short_image_ref": "![", "autolink": "<", "automail": "<", "html": "<", "entity": "&",
    "linebreak": _LINE_BREAK,
}  # fmt: skip
_MARKS = ("*", "_", "~")  # of emphasis
_EMPHASIS = ("delimiter", "em_strong", "em_strong2", "strong_em")
_ALL_SIGNS = (*dict.fromkeys(_SIGNS.values()), *_MARKS)
_ANY_SIGN = re.compile(r"[`\\\[<&*_~]")
_FOOTNOTE = "[^"  # its numbers count the order in which texts are read


class ShortcutsExtension(Extension):
    """Blocks that can only be paragraphs, texts without inline markup, and texts without HTML skip the rest."""

    def extendMarkdown(self, md: Markdown) -> None:
        md.preprocessors.register(_HtmlBlocks(md), "html_block", 20)
        md.parser.blockprocessors.register(_PlainParagraphs(md.parser), "record_plain_paragraphs", 110)
        md.treeprocessors.register(_Inline(md), "inline", 20)


class _HtmlBlocks(HtmlBlockPreprocessor):
    def run(self, lines: list[str]) -> list[str]:
        return super().run(lines) if any("<" in line or "&" in line for line in lines) else lines


class _PlainParagraphs(ParagraphProcessor):
    def test(self, parent: Element, block: str) -> bool:
        if "\n" not in block:
            return _PLAIN_LINE.match(block) is not None
        return all(map(_PLAIN_LINE.match, block.split("\n")))


class _Inline(InlineProcessor):
    """Texts are read in groups that need the same rules, apart from the tree; a text without signs needs none."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(md)
        self._all: Any = md.inlinePatterns

    def run(self, tree: Element, ancestors: list[str] | None = None) -> Element:
        groups: dict[tuple[bool, ...], list[Element]] = defaultdict(list)
        for element in tree.iter():
            text = element.text or ""
            if (element.tail and _has_signs(element.tail)) or _FOOTNOTE in text:
                return super().run(tree, ancestors)
            if _has_signs(text) and not isinstance(text, AtomicString) and element is not tree:
                groups[tuple(sign in text for sign in _ALL_SIGNS)].append(element)
        try:
            for present, elements in groups.items():
                self._group(
                    elements, {sign for sign, is_present in zip(_ALL_SIGNS, present, strict=True) if is_present}
                )
        finally:
            self.inlinePatterns = self._all
        return tree

    def _group(self, elements: list[Element], signs: set[str]) -> None:
        rules = self._all
        skipped = [name for name, sign in _SIGNS.items() if name in rules and sign not in signs]
        skipped += [name for name in _EMPHASIS if name in rules and signs.isdisjoint(_MARKS)]
        left_out = [rules[name] for name in (*skipped, *(("footnote",) if "footnote" in rules else ()))]
        # The parser asks for its rules by their number; a list does as well, and is faster than a registry.
        self.inlinePatterns = _listed(rule for rule in rules if rule not in left_out)
        within = [(element, list(element)) for element in elements if len(element)]
        for element, _ in within:
            del element[:]
        holder = Element("div")
        holder.extend(elements)
        super().run(holder)
        for element, children in within:
            element.extend(children)


def _has_signs(text: str) -> bool:
    return _ANY_SIGN.search(text) is not None or _LINE_BREAK in text


def _listed(rules: Iterable[Any]) -> Any:
    return list(rules)
