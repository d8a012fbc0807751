"""Anchors: ids on the headings, rows and paragraphs that can be cited, from the sections' own numbers."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

from loomworks_record.render.blocks import flatten_tree
from loomworks_record.text.identifiers import IdentifierGrammar
from loomworks_record.text.sections import sections_of


class AnchorsExtension(Extension):
    """Sets the ids that ``record/text/sections.py`` names: ``#s7-2``, ``#step-2b``, ``#p57-d7``.

    ``grammar`` are the identifiers of the configuration, the defaults where it is None. Other ids of headings
    are replaced.
    """

    def __init__(self, grammar: IdentifierGrammar | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.grammar = grammar

    def extendMarkdown(self, md: Markdown) -> None:
        # After inline markup (20) and a table of contents (5), before anything moves the numbers of headings.
        md.treeprocessors.register(_Anchors(md, self.grammar), "record_anchors", 4)


class _Anchors(Treeprocessor):
    def __init__(self, md: Markdown, grammar: IdentifierGrammar | None) -> None:
        super().__init__(md)
        self.grammar = grammar

    def run(self, root: Element) -> None:
        tree = flatten_tree(root)
        rows = {id(cell): row for row in root.iter("tr") for cell in row}
        for section in sections_of(tree.flat, self.grammar):
            element = tree.elements[section.block]
            if section.kind == "row":
                element = rows.get(id(element), element)
            element.set("id", section.anchor)
