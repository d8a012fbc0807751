"""The text of a document on a page that shows several: its anchors are its own, its links lead within that page where
they can, its headings are one level lower, and its regions are named apart."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote

# nh3 writes every attribute as name="value", with <, > and " in the value escaped: a tag ends at its first ">".
_TAG = re.compile(r"<(?P<name>/?[a-z][a-z0-9]*)(?P<rest>[^>]*)>")
_REWRITTEN = re.compile(r' (?P<name>id|href|src|aria-label)="(?P<value>[^"]*)"')
_OUTSIDE = re.compile(r"(?:[a-z][a-z0-9+.-]*:|/)", re.IGNORECASE)
_LOWEST = 6


@dataclass(frozen=True)
class Within:
    """Fits what was rendered for the page at ``address`` to the page ``onto``. ``prefix`` begins its anchors;
    ``anchors`` has the prefix of each page whose text stands there too. Addresses as in ``pages/addresses.py``."""

    prefix: str
    address: str
    onto: str
    anchors: Mapping[str, str]

    def html(self, fragment: str) -> str:
        """A body, or a value, that was made safe."""
        return _TAG.sub(self._tag, fragment)

    @cached_property
    def _prefixes(self) -> dict[str, str]:
        return {quote(address): prefix for address, prefix in self.anchors.items()}

    def _tag(self, found: re.Match[str]) -> str:
        name, rest = found["name"], found["rest"]
        if name.strip("/")[0] == "h" and name[-1].isdigit():
            name = f"{name[:-1]}{min(_LOWEST, int(name[-1]) + 1)}"
        return f"<{name}{_REWRITTEN.sub(self._attribute, rest) if rest else ''}>"

    def _attribute(self, found: re.Match[str]) -> str:
        name, value = found["name"], found["value"]
        if name == "id":
            value = f"{self.prefix}-{value}"
        elif name == "aria-label":
            value = f"{self.prefix}, {value}"
        elif not _OUTSIDE.match(value):
            value = self._led(value)
        return f' {name}="{value}"'

    def _led(self, reference: str) -> str:
        """A relative reference, which the sanitiser left as it is written in HTML."""
        path, mark, anchor = reference.partition("#")
        if not path:
            return f"#{self.prefix}-{anchor}" if anchor else f"#{self.prefix}"
        path, question, query = path.partition("?")
        target = posixpath.normpath(posixpath.join(posixpath.dirname(quote(self.address)), path))
        if target in self._prefixes and not question:
            return f"#{self._prefixes[target]}-{anchor}" if anchor else f"#{self._prefixes[target]}"
        way = posixpath.relpath(target, posixpath.dirname(quote(self.onto)))
        return f"{way}{'/' if path.endswith('/') else ''}{question}{query}{mark}{anchor}"
