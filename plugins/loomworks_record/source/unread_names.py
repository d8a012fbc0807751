"""Names that look as if they say a version, and are not read as one: what looks like it, and what would be read."""

from __future__ import annotations

import re

from msgspec import Struct

from loomworks_record import lazy
from loomworks_record.source.folding import fold
from loomworks_record.source.names import OF_OTHERS, Name
from loomworks_record.source.version import IN_TEXT, Version, whole_version

# At the end of a stem, after the v: zeros before a number, hyphens between two, four numbers, a mark of a copy after.
_NUMBERS = r"(?P<numbers>\d{1,6}(?:[._]\d{1,6}){1,3}|\d{1,6}(?:-\d{1,3}){1,2}|\d{1,6})"
_COPY = r" ?\(\d{1,3}\)|[-_ ]copy(?:[-_ ]?\d+)?|\.sync-conflict-[\w-]+"
_AT_END = lazy.regex(
    rf"(?:^|[-_. ])v(?:{_NUMBERS}(?:|[-_ ]\d{{1,2}}|{_COPY}|[-_.]\d{{4}}-\d\d-\d\d)"
    r"|(?P<canonical>\d+_\d+(?:_\d+)?)-[a-z]+)\Z",
    re.IGNORECASE | re.ASCII,
)
# Without a v: revisions, three numbers, drafts of the IETF, editions, "final", second downloads and copies.
_OTHERWISE = (
    lazy.regex(r"[-_ .](?P<seen>r(?:ev(?:ision)?)?[-_. ]?(?P<numbers>\d{1,3}))\Z", re.IGNORECASE | re.ASCII),
    lazy.regex(r"[-_ ](?P<seen>(?P<numbers>\d{1,2}\.\d{1,2}\.\d{1,3}))\Z", re.ASCII),
    lazy.regex(r"^draft-.*-(?P<seen>(?P<numbers>\d\d))\Z", re.IGNORECASE | re.ASCII),
    lazy.regex(
        r"(?<!phase)(?<!step)(?<!stage)(?<!part)(?<!gate)[-_ ](?P<seen>(?P<numbers>\d{1,2})(?:e|ed|edition))\Z",
        re.IGNORECASE | re.ASCII,
    ),
    lazy.regex(rf"(?P<seen>[-_ ]final|{_COPY})\Z", re.IGNORECASE | re.ASCII),  # where what was copied is held
    lazy.regex(r"^(?P<seen>(?:copy|kopie|copia|copie) (?:of|von|de|di) )", re.IGNORECASE),
)
# Numbers at the end, which are a version where a document's subject stands before them.
_NUMBERED = lazy.regex(
    r"[-_. (\[]+(?P<seen>(?:v(?:er(?:sion)?)?[-_. ]?|(?=\d+[._,]\d))(?P<numbers>\d{1,3}(?:[._,]\d{1,3})?))[\])]?\Z",
    re.IGNORECASE | re.ASCII,
)
_INSIDE = lazy.regex(rf"(?:^|[-_. (])(?P<seen>{IN_TEXT}|v\d{{1,4}}(?![._,]\d))(?=[\W_])", re.IGNORECASE | re.ASCII)


class UnreadName(Struct, frozen=True):
    """``seen`` is what looks like a version; ``subject`` the stem without it; ``version`` what it would mean, if known.

    ``inside``: it stands within the name, so it may as well be that of what the document is about.
    """

    seen: str
    subject: str
    version: Version | None
    inside: bool = False

    def proposed(self, name: Name, said: Version | None = None) -> str:
        """The name that would be read; ``said`` is the version that the header says."""
        version = said or self.version
        return f"{self.subject}-{version.slug if version else 'v<major>_<minor>'}{name.extension or '.md'}"


def unread_version(name: Name) -> UnreadName | None:
    """What in a name looks like the document's version and is not read, or None."""
    stem = fold(name.stem)
    copied = _OTHERWISE[-1].match(stem)
    if name.version is not None:
        if copied and name.subject:
            return UnreadName(copied["seen"].strip(), name.subject[copied.end() :], name.version)
        return None
    found = _AT_END.search(stem)
    if found is not None and not OF_OTHERS.search(stem[: found.start()]):
        numbers = found["numbers"] or found["canonical"]
        return UnreadName(stem[found.start() :].lstrip("-_. "), stem[: found.start()], _meant(numbers))
    for pattern in _OTHERWISE:
        found = pattern.search(stem)
        numbers = found.groupdict().get("numbers") if found else None
        if found and (numbers or not _INSIDE.search(stem)):
            subject = stem[: found.start("seen")] + stem[found.end("seen") :]
            return UnreadName(found["seen"].strip(), subject.strip("-_. "), _meant(numbers) if numbers else None)
    inside = (place for place in _INSIDE.finditer(stem) if not OF_OTHERS.search(stem[: place.start()]))
    *_, last = [None, *inside]
    if last is None:
        return None
    subject = (stem[: last.start()] + stem[last.end() :]).strip("-_. ")
    return UnreadName(last["seen"], subject, _meant(last["seen"][1:]), inside=True)


def numbered(name: Name) -> UnreadName | None:
    """The numbers at the end of a name, for who knows whether what stands before them is a document's subject."""
    stem = fold(name.stem)
    found = _NUMBERED.search(stem)
    return UnreadName(found["seen"], stem[: found.start()], _meant(found["numbers"])) if found else None


def _meant(numbers: str) -> Version | None:
    parts = [str(int(part)) for part in re.split(r"[-._,]", numbers)]
    return whole_version(".".join(parts[:3]))
