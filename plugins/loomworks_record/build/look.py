"""The look of a site: all that pages share beside their own values, as one plain value that a worker can be sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import msgspec
from jinja2 import Environment
from msgspec import Struct

from loomworks_record.kept.keys import digest, ground
from loomworks_record.pages import addresses
from loomworks_record.pages.shell import PLACES, Site
from loomworks_record.pages.wording import FILTERS
from loomworks_record.render.templates import environment


class Additions(Struct, frozen=True):
    """What a user adds to every page: style sheets and scripts by their addresses, and Material's ``palette``."""

    stylesheets: Sequence[str] = ()
    scripts: Sequence[str] = ()
    palette: object = None

    @property
    def scheme(self) -> str | None:
        """Material's colour scheme where one is configured; else the reader's system decides."""
        first = self.palette[0] if isinstance(self.palette, list) and self.palette else self.palette
        scheme = first.get("scheme") if isinstance(first, dict) else None
        return str(scheme) if scheme else None


@dataclass(frozen=True)
class Look:
    """``templates``: name → text. ``assets``: our name → published name. ``search_example`` stands in the empty search
    field. ``phases``: whether the record has any; pages of one that has none do not speak of them."""

    site: Site
    templates: Mapping[str, str]
    assets: Mapping[str, str]
    search_example: str = ""
    phases: bool = True

    @cached_property
    def packed(self) -> bytes:
        return msgspec.msgpack.encode([self.site, self.templates, self.assets, self.search_example, self.phases])

    @cached_property
    def key(self) -> bytes:
        """What every page of this look stands on."""
        return digest(ground(), self.packed)


@lru_cache(maxsize=4)
def unpacked_look(packed: bytes) -> tuple[Site, Environment]:
    """What a worker renders with; made once for many batches."""
    shape = tuple[Site, dict[str, str], dict[str, str], str, bool]
    site, templates, assets, example, phases = msgspec.msgpack.decode(packed, type=shape)
    env = environment(templates, addresses.from_anywhere(site.origin_url), assets)
    env.filters |= FILTERS
    places = PLACES if phases else [place for place in PLACES if place[0] != "phases"]
    env.globals |= {"places": places, "search_example": example, "has_phases": phases}
    return site, env
