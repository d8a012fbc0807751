"""What every page shares: the site's name, its places, and what its head says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from loomworks_record.pages import addresses


@dataclass(frozen=True, slots=True)
class Link:
    """A link: its words, and an address relative to the site's root (with an optional ``#anchor``)."""

    text: str
    address: str
    here: bool = False


@dataclass(frozen=True, slots=True)
class Site:
    """The same on every page. ``origin_url`` ends with "/" or is "" where none is configured,
    ``origin`` where nothing names the record: such a site is not sealed and has no feed."""

    name: str
    line: str
    lede: str
    origin: str
    origin_url: str
    search: bool
    signed: bool = False
    verifier_key: str | None = None
    stylesheets: tuple[str, ...] = ("assets/record/record.css",)
    scripts: tuple[str, ...] = ("assets/record/record.js",)
    scheme: str | None = None

    def absolute(self, address: str) -> str:
        """The address with scheme and host; without ``site_url``, from the root."""
        path = addresses.url(address)
        return self.origin_url.rstrip("/") + path if self.origin_url else path


PLACES = (
    ("phases", "Phases", addresses.PHASES),
    ("documents", "Documents", addresses.documents()),
    ("filed", "Filed", addresses.filed()),
    ("registers", "Registers", addresses.REGISTERS),
    ("integrity", "Integrity", addresses.INTEGRITY),
)


@dataclass(frozen=True, slots=True)
class Head:
    """What the head of a page says. ``relations`` are (relation of RFC 5829, address)."""

    title: str
    description: str
    place: str = ""
    relations: tuple[tuple[str, str], ...] = ()
    kind: str = "page"
    canonical: str | None = None
    robots: str | None = None
    stylesheets: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    graph: dict[str, Any] = field(default_factory=dict)
    linked_data: dict[str, Any] | None = None
