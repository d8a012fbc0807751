"""A crawler over a built site: every link, image, script and stylesheet of every page, anchors included."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from lxml import html

ATTRIBUTES = {"a": "href", "link": "href", "img": "src", "script": "src", "iframe": "src", "form": "action"}


@dataclass(frozen=True, slots=True)
class Crawled:
    """``links`` counts the references that were followed; ``broken`` are (page, reference, why)."""

    pages: int
    links: int
    anchors: int
    broken: tuple[tuple[str, str, str], ...]


def crawl(site: Path, base: str = "https://record.dunin7.com/") -> Crawled:
    """Check every reference on every page of ``site``; what leaves ``base`` is not followed."""
    pages = {page.relative_to(site).as_posix(): html.parse(str(page)).getroot() for page in _pages(site)}
    ids = {path: set(root.xpath("//@id")) for path, root in pages.items()}
    links = anchors = 0
    broken: list[tuple[str, str, str]] = []
    for path, root in pages.items():
        for reference in _references(root):
            target = urlsplit(urljoin(base + path, reference))
            if f"{target.scheme}://{target.netloc}/" != base:
                continue
            links += 1
            found = _file(site, unquote(target.path))
            if found is None:
                broken.append((path, reference, "no such file"))
                continue
            if target.fragment and found in ids:
                anchors += 1
                if unquote(target.fragment) not in ids[found]:
                    broken.append((path, reference, "no such anchor"))
    return Crawled(len(pages), links, anchors, tuple(broken))


def _pages(site: Path) -> Iterator[Path]:
    return (page for page in sorted(site.rglob("*.html")) if page.relative_to(site).parts[0] != "raw")


def _references(root: html.HtmlElement) -> Iterator[str]:
    for element in root.iter(*ATTRIBUTES):
        reference = element.get(ATTRIBUTES[element.tag])
        if reference:
            yield reference
    for element in root.iter():
        for name in ("data-columns", "data-near", "data-search"):
            if isinstance(element.tag, str) and element.get(name):
                yield element.get(name)


def _file(site: Path, path: str) -> str | None:
    relative = posixpath.normpath(path).lstrip("/")
    for candidate in (relative, posixpath.join(relative, "index.html")):
        if (site / candidate).is_file():
            return candidate
    return None


def addresses_in(site: Path) -> Iterator[str]:
    """The addresses that ``api/record.json`` gives, without their leading slash."""
    for document in json.loads((site / "api/record.json").read_text("utf-8"))["documents"]:
        yield unquote(document["url"]).lstrip("/")
        yield unquote(document["raw_url"]).lstrip("/")
