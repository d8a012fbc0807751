"""Linking: the mentions of a rendered text become links, with a note where one is not simply held.

A Python-Markdown extension that stands by itself: ``LinkingExtension(resolve=…, href=…)``. Nothing that was
rendered is changed: taking the added elements away (``unlinked``) gives the page as it was, byte for byte.
"""

from __future__ import annotations

import re
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

from loomworks_record.render.blocks import flatten_tree
from loomworks_record.render.marking import Marking
from loomworks_record.render.marks import Href, Resolve, all_marked
from loomworks_record.text.flat import Flat
from loomworks_record.text.mentions.grammar import Grammar, mentions
from loomworks_record.text.mentions.mention import Mention
from loomworks_record.text.sections import sections_of


class LinkingExtension(Extension):
    """``resolve`` answers for the mentions of a flat text, in order, None for what is none.

    ``href`` gives the address of (path, anchor) as it is to be written on this page; ``path`` is the page's own
    document. Without ``resolve`` nothing is linked.
    """

    def __init__(
        self,
        resolve: Resolve | None = None,
        href: Href | None = None,
        grammar: Grammar | None = None,
        path: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.resolve = resolve
        self.href: Href = href or (lambda path, anchor: f"{path}#{anchor}" if anchor else path)
        self.grammar = grammar or Grammar.of()
        self.path = path

    def extendMarkdown(self, md: Markdown) -> None:
        if self.resolve is None:
            return
        filed: dict[Element, str] = {}
        # What an author's link says is read before anything rewrites it; mentions are linked when all is done.
        md.treeprocessors.register(_Filed(md, filed), "record_filed_links", 15)
        md.treeprocessors.register(_Linking(md, self, self.resolve, filed), "record_linking", -10)


class _Filed(Treeprocessor):
    def __init__(self, md: Markdown, filed: dict[Element, str]) -> None:
        super().__init__(md)
        self.filed = filed

    def run(self, root: Element) -> None:
        self.filed.clear()
        self.filed.update((element, element.get("href") or "") for element in root.iter("a"))


class _Linking(Treeprocessor):
    def __init__(self, md: Markdown, options: LinkingExtension, resolve: Resolve, filed: dict[Element, str]) -> None:
        super().__init__(md)
        self.options = options
        self.resolve = resolve
        self.filed = filed

    def run(self, root: Element) -> None:
        tree = flatten_tree(root, self.filed)
        found = mentions_of_page(tree.flat, self.options.grammar)
        resolutions = self.resolve(tree.flat, found)
        Marking(root, tree).run(all_marked(found, resolutions, self.options.href, self.options.path))


def mentions_of_page(flat: Flat, grammar: Grammar) -> list[Mention]:
    """What the flat text of a rendered page mentions."""
    return mentions(flat, grammar, sections_of(flat, grammar.identifiers))


_NOTE = re.compile(r'<span class="m-note(?: [^"]*)?">.*?</span>', re.DOTALL)
_LINK = re.compile(r'<a class="m m--\w+"[^>]*>(?P<inner>.*?)</a>', re.DOTALL)
# A link that the page itself took away says so in its title; it was so before linking.
_SPAN = re.compile(r'<span class="m m--\w+" title="(?!Nothing is filed at)[^"]*">(?P<inner>.*?)</span>', re.DOTALL)


def unlinked(html: str) -> str:
    """A page's HTML without what linking added: the rendered text as it was, byte for byte."""
    html = _NOTE.sub("", html)
    html = _LINK.sub(lambda found: found["inner"], html)
    return _SPAN.sub(lambda found: found["inner"], html)
