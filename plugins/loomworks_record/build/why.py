"""Why one page was made, or was not: a sentence, for whoever asks (``record build --why``)."""

from __future__ import annotations

import os
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import TYPE_CHECKING

from loomworks_record.build.folder import SiteFolder
from loomworks_record.bundle.files import place
from loomworks_record.endings import WHY, say_step

if TYPE_CHECKING:  # with all that makes pages
    from loomworks_record.build.packing import PartKey
    from loomworks_record.build.work import Batch

_SHOWN = 60  # characters of a line that differs


@dataclass
class Why:
    """What decided of the page at ``address``, as a build goes on; "" where nobody asks."""

    address: str = field(default_factory=lambda: os.environ.get(WHY, ""))
    said: str = ""
    made: bool = False
    part: str = ""  # which part of it had to be made, before it could be: "text", "comparison"

    def left(self, addresses: Collection[str], because: str) -> None:
        """These pages were not made."""
        if self.address in addresses and not self.made:
            self.said = f"was not made again: {because}"

    def lacks(self, batch: Batch, made: Collection[PartKey]) -> None:
        """These pages are to be made, of some parts that are kept and others; ``made``: what this build has made and
        kept before."""
        for job in batch.pages:
            if job.address == self.address:
                self.part = next((part[0] for part in job.parts if part not in batch.kept or part in made), "")

    def put(self, folder: SiteFolder, address: str, data: bytes) -> None:
        """That page was made, and is about to be written over what stands in the folder."""
        if address != self.address:
            return
        before = b""
        with suppress(OSError):
            before = place(folder.root, address).read_bytes()
        self.made = True
        what = f"its {self.part}" if self.part else "what it says around its text"
        if not before:
            self.said = "was made: the site had no such page"
        else:
            self.said = f"was made again: {what} has changed, or was not kept{_first_difference(before, data)}"

    def tell(self, pages: int, made: int) -> None:
        """Say it, of a build that has that many pages and made so many of them."""
        if not self.address:
            return
        if self.made and made >= pages and "again" in self.said:
            self.said = (
                "was made again, as all pages were: what they share has changed (a template, a style, a setting, the "
                "identifiers in the search box, this program or what it renders with), or nothing of them was kept"
            )
        say_step(f"/{self.address} {self.said or 'is not a page of this site'}")


def _first_difference(before: bytes, after: bytes) -> str:
    """The first line that differs, of the body if any of it does: what a head says of its page follows from that."""
    pairs = list(zip_longest(before.decode().splitlines(), after.decode().splitlines(), fillvalue=""))
    body = next((number for number, (_, new) in enumerate(pairs) if "<body" in new), 0)
    for number, (old, new) in [*enumerate(pairs[body:], body + 1), *enumerate(pairs[:body], 1)]:
        if old != new:
            alike = next((at for at, signs in enumerate(zip(old, new, strict=False)) if signs[0] != signs[1]), 0)
            start = max(0, alike - _SHOWN // 3)
            was, now = (line[start : start + _SHOWN].strip() for line in (old, new))
            return f"; line {number} was '{was}' and is '{now}'"
    return ", and it came out the same"
