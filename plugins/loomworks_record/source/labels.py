"""Header labels: the variants that authors write, and the one field that each stands for."""

from __future__ import annotations

import re

from loomworks_record.source.folding import fold
from loomworks_record.source.tables import table

# field → labels as written. The first is the field's own name. Kept as one table so that plain labels
# ("Status. Draft") can be told from sentences: only these are read without bold type.
FIELDS = table("labels", dict[str, tuple[str, ...]])

_FIELD_OF: dict[str, str] = {variant.casefold(): field for field, variants in FIELDS.items() for variant in variants}
_BETWEEN = re.compile(r"[\s_-]+")  # the words of a label: "Superseded-By", "last_updated"
_QUALIFIER = re.compile(r"\s*\([^()]*\)\s*$")


def field_of(label: str) -> str | None:
    """The field that a label stands for, a bracket at its end left out; None for a label not in the table."""
    words = _BETWEEN.sub(" ", fold(label)).strip().rstrip(".:").casefold()
    return _FIELD_OF.get(words) or _FIELD_OF.get(_QUALIFIER.sub("", words))


def own_key(label: str) -> str:
    """The key of a label that is not in the table: its own words, "What is urgent" → "what_is_urgent"."""
    return re.sub(r"\W+", "_", _QUALIFIER.sub("", label).casefold()).strip("_") or "note"


def known_labels() -> list[str]:
    """All labels of the table, longest first, so that "CR number" is tried before "CR"."""
    return sorted((label for labels in FIELDS.values() for label in labels), key=lambda text: (-len(text), text))
