"""A document as others see it: what may be known of one that is not one's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from loomworks_record.source import names
from loomworks_record.source.kinds import Role
from loomworks_record.source.names import Name, PhaseKey
from loomworks_record.source.version import Version


@dataclass(frozen=True, kw_only=True)
class Neighbour:
    """What others may see of a document; all else of it is in ``Document``.

    Mentions are resolved against this type, names and addresses are made from it, and one digest holds every field
    (``record/citations/digests.py``). What others are to read of a document beyond that must become a field here.

    ``path`` is relative to ``content/``, POSIX, NFC; ``public_path`` is what its addresses are made of: the path that
    it was filed at, before any archiving. ``form`` is "md" or "html": by the extension, without one by the way the text
    begins. ``kind`` is a word of the kind table, ``role`` what it does in its phase. ``chain`` is the id of its chain,
    ``archived_by_folder`` whether a folder of the archive is on its path. ``short_name`` is its name in words, without
    phase and version; ``cr_number`` the number that its own header defines: its label, or a request's headings.
    """

    path: str
    public_path: str
    name: Name
    form: str
    kind: str
    role: Role
    chain: str
    archived_by_folder: bool
    title: str
    short_name: str
    date: date | None = None
    cr_number: str | None = None

    @cached_property
    def version(self) -> Version | None:
        return self.name.version

    @property
    def section(self) -> str:
        return names.section(self.path)

    @property
    def phase_folder(self) -> str | None:
        folder = names.phase_folder(self.path)
        return folder.folder if folder else None

    @property
    def phase(self) -> int | None:
        """The number of its phase."""
        return names.phase_number(self.path)

    @property
    def phase_key(self) -> PhaseKey | None:
        """What tells its phase apart; None in a track. What a text means is looked for there."""
        folder = names.phase_folder(self.path)
        return folder.key if folder else None
