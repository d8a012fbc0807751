"""Filed text to flat text: the blocks of a Markdown or HTML document, their inline markup taken off.

It reads Markdown as the record renders it (Python-Markdown with ``render/dialect.py``), quickly and
without a tree: 25 kB take about a millisecond. Whatever the two sides cut differently shows in the tests that
compare the mentions of a text with those of its page.
"""

from __future__ import annotations

import re
from html import unescape

from loomworks_record.text.flat import OBJECT, SEPARATOR, Block, Flat, Link, one_block
from loomworks_record.text.lines import mark_lines

# Every alternative begins with a literal, so that the search skips plain text at the speed of memchr.
_INLINE = re.compile(
    r"`(?P<ticks>`*)(?P<code>[^\x1a]+?)(?<!`)`(?P=ticks)(?!`)"
    r"|\\(?P<escaped>[\\`*_{}\[\]()>#+.!|~-])"
    r"|!\[(?P<alt>[^\[\]\x1a]*)\]\((?P<src>[^()\s\x1a]*)(?:\s[^()\x1a]*)?\)"
    r"|\[(?P<words>(?:[^\[\]\x1a]|\[[^\[\]\x1a]*\]|!\[[^\[\]\x1a]*\]\([^()\x1a]*\)){1,600})\]"
    r"(?:\(\s*(?P<url><[^<>\x1a\n]*>|[^()\s\x1a]*(?:\([^()\s\x1a]*\)[^()\s\x1a]*)*)"
    r"(?:\s+(?:\"[^\"\x1a]*\"|'[^'\x1a]*'))?\s*\)|[ ]?\[(?P<ref>[^\[\]\x1a]*)\])?"
    r"|<(?P<auto>(?:https?|ftp|mailto):[^<>\s\x1a]*)>"
    r"|<(?P<raw>/?[a-zA-Z][^<>@ \x1a]*(?: [^<>\x1a]*)?|!--[^\x1a]*?--)>"
    r"|&(?P<entity>#[0-9]+|#x[0-9a-fA-F]+|[a-zA-Z][a-zA-Z0-9]*);"
    r"|~~"
    r"|\*\*(?=\S)(?P<strong>(?:[^`\x1a]|`[^`\x1a]+`){1,600}?(?<=\S))\*\*"
    r"|\*(?=[^\s*])(?P<starred>(?:[^*`\x1a]|`[^`\x1a]+`){1,600}?(?<=\S))\*(?!\*)"
    r"|_(?<!\w_)(?P<lines>_{0,2})(?=[^\s_])(?P<lined>(?:[^`\x1a]|`[^`\x1a]+`){1,600}?(?<=[^\s_]))_(?P=lines)(?!\w)",
    re.DOTALL,
)
_HIDDEN = re.compile(r"<!--.*?-->|<(script|style|head|title|template)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_BLOCK_TAG = re.compile(
    r"</?(?:p|div|li|ul|ol|dl|dt|dd|h[1-6]|tr|td|th|table|thead|tbody|section|article|header|footer|nav|main|"
    r"aside|figure|figcaption|blockquote|hr|body|html)\b[^>]*>",
    re.IGNORECASE,
)
_PRE = re.compile(r"<pre\b[^>]*>(.*?)</pre\s*>", re.IGNORECASE | re.DOTALL)
_ANCHOR = re.compile(r"<a\b[^>]*>|</a\s*>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")


def flatten_markdown(text: str, line: int = 1) -> Flat:
    """The flat text of a Markdown body that begins at the 1-based ``line`` of its file."""
    marked = mark_lines(text.replace(SEPARATOR, " ").split("\n"))
    flat, links = _inline(marked.text, marked.references)
    return Flat(flat, marked.blocks, tuple(links), line, marked.fenced)


def flatten_inline(text: str, line: int = 1) -> Flat:
    """The flat text of one short Markdown text: a header field's value."""
    flat, links = _inline(text.replace(SEPARATOR, " "), {})
    return one_block(flat, tuple(links), line)


def flatten_html(text: str) -> Flat:
    """The flat text of an HTML document: its visible blocks, as paragraphs. Links are not told apart."""
    fenced: list[str] = []

    def keep_lines(found: re.Match[str]) -> str:
        return "\n" * found.group().count("\n")

    def keep_code(found: re.Match[str]) -> str:
        fenced.append(unescape(_TAG.sub("", found[1])))
        return keep_lines(found)

    visible = _PRE.sub(keep_code, _HIDDEN.sub(keep_lines, text.replace(SEPARATOR, " ")))
    blocks = _BLOCK_TAG.sub(lambda found: keep_lines(found) + SEPARATOR, visible)
    plain = unescape(_TAG.sub(keep_lines, _ANCHOR.sub("", blocks)))
    from_block = SEPARATOR + plain
    return Flat(from_block, (Block("paragraph"),) * from_block.count(SEPARATOR), (), 1, tuple(fenced))


def _inline(text: str, references: dict[str, str]) -> tuple[str, list[Link]]:
    """``text`` without inline markup, and the author's links in it (places in the result)."""
    out: list[str] = []
    links: list[Link] = []
    length = last = 0
    for found in _INLINE.finditer(text):
        start = found.start()
        words = found["words"]
        if words is not None:
            url = _url(found, references)
            if url is None:
                continue
            piece, inner = _inline(words, references)
        elif found["src"] is not None:
            piece, inner, url = OBJECT + "\n" * found.group().count("\n"), [], found["src"]
        elif (emphasised := found["strong"] or found["starred"] or found["lined"]) is not None:
            (piece, inner), url = _inline(emphasised, references), None
        else:
            piece, inner, url = _plain(found), [], found["auto"]
        before = text[last:start]
        length += len(before)
        links += [Link(length + at.start, length + at.end, at.url, at.image) for at in inner]
        if url is not None:
            links.append(Link(length, length + len(piece), url, found["src"] is not None))
        out += (before, piece)
        length += len(piece)
        last = found.end()
    out.append(text[last:])
    return "".join(out), links


def _url(found: re.Match[str], references: dict[str, str]) -> str | None:
    """Where the link leads; None for brackets that are no link."""
    url = found["url"]
    if url is not None:
        return url[1:-1] if url.startswith("<") else url
    if not references:
        return None
    return references.get(" ".join((found["ref"] or found["words"]).split()).casefold())


def _plain(found: re.Match[str]) -> str:
    code = found["code"]
    if code is not None:
        return code
    kind = found.lastgroup
    if kind in ("raw", "entity"):
        return OBJECT + "\n" * found.group().count("\n")
    return found["escaped"] or found["auto"] or ""
