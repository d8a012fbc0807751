"""What a server says of a file beside its bytes: the declared headers, its type, and what nobody declared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote, urljoin, urlsplit

from loomworks_record.bundle.fetch import Answer, PublishedSite
from loomworks_record.bundle.headers import HeaderRule, headers_of, is_active, type_complaint
from loomworks_record.bundle.paths import NOT_FOUND, said

_LINK = re.compile(r"<([^>]*)>((?:[^,\"]|\"[^\"]*\")*)")
_REL = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s;,]+))", re.IGNORECASE)
# Relations by which a browser, or a search engine, takes something from where the link leads.
_TAKEN = frozenset({"stylesheet", "preload", "modulepreload", "prefetch", "prerender", "preconnect", "dns-prefetch",
                    "canonical", "alternate", "icon", "manifest"})  # fmt: skip
# Headers that change what a reader gets, whatever their value; hosts add harmless ones of their own, so this is a list
# of what is not harmless.
_NEVER = (
    "Refresh", "Set-Cookie", "Set-Cookie2", "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials",
    "Clear-Site-Data", "Service-Worker-Allowed", "Speculation-Rules", "SourceMap", "X-SourceMap", "Content-Range",
)  # fmt: skip


def header_faults(
    site: PublishedSite, path: str, answer: Answer, rules: tuple[HeaderRule, ...], added: frozenset[str] = frozenset()
) -> Iterator[tuple[str, str]]:
    """``(reason, message)``: each declared header is sent as declared, the type is the file's, and nothing that was
    not declared leads a reader elsewhere or leaves something with them. ``added``: what the host adds to every answer,
    in lower case."""
    if answer.status != 200 and (answer.status, path) != (404, NOT_FOUND):
        return  # a fault already, and no file of the site
    declared = headers_of(rules, unquote(answer.path))
    for name, wanted in declared.items():
        values = answer.headers.get_all(name)
        if not values:
            yield "header-missing", f"{name}: expected {wanted!r}, got none{_consequence(name, path)}"
        elif _normal(", ".join(values)) != _normal(wanted):
            yield (
                "header-differs",
                f"{name}: expected {wanted!r}, got '{said(', '.join(values))}'{_consequence(name, path)}",
            )
    names = {name.lower() for name in declared}
    if "content-type" not in names:
        types: list[str | None] = [*answer.headers.get_all("Content-Type", ())]
        for value in types or [None]:
            complaint = type_complaint(path, value)
            if complaint is not None:
                yield "header-differs", f"Content-Type: {said(complaint)}"
    for name, message in _foreign(site, path, answer):
        if name.lower() not in names | added:
            yield "header-unexpected", f"{name}: {message}"


def _consequence(name: str, path: str) -> str:
    if name.lower() != "content-security-policy" or not is_active(path):
        return ""
    return "; the scripts of filed HTML can run on this site's origin: set the header, or filed_html: text"


def _foreign(site: PublishedSite, path: str, answer: Answer) -> Iterator[tuple[str, str]]:
    for name in _NEVER:
        for value in answer.headers.get_all(name, ()):
            yield name, f"was not declared, got '{said(value)}'"
    for value in answer.headers.get_all("Link", ()):
        for target, parameters in _LINK.findall(value):
            relations = {word for one in _REL.findall(parameters) for word in (one[0] or one[1]).lower().split()}
            if "stylesheet" in relations or (relations & _TAKEN and site.is_elsewhere(answer.path, target)):
                yield "Link", f"was not declared, got '{said(value)}'"
                break
    for value in answer.headers.get_all("Content-Location", ()):
        if not _is_same(site, path, answer.path, value):
            yield "Content-Location", f"names another address, '{said(value)}'"
    for value in answer.headers.get_all("Content-Disposition", ()):
        if value.strip().lower().startswith("attachment"):
            yield "Content-Disposition", f"was not declared, got '{said(value)}'"


def _is_same(site: PublishedSite, path: str, address: str, value: str) -> bool:
    """Whether a ``Content-Location`` names this very file of this site."""
    if site.is_elsewhere(address, value):
        return False
    given = unquote(urlsplit(urljoin(site.base + address, value)).path)
    below = unquote(urlsplit(site.base).path)
    return given in {f"{below}/{path}", below + unquote(address)}


def _normal(value: str) -> str:
    return " ".join(value.replace(";", " ; ").replace(",", " , ").split()).lower()
