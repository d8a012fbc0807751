"""A page's values: its frame, and the part that was made apart from the record, put together for its template."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from loomworks_record.pages.changes import Changes
from loomworks_record.pages.compare import compare_values
from loomworks_record.pages.document import document_values
from loomworks_record.render.text import RenderedText

Values = Mapping[str, Any]
Part = RenderedText | Changes


def composed(frame: Values, part: Part | None) -> Values:
    """The values of a template: ``frame`` as the plan gives it, with ``part`` where the page has one."""
    if isinstance(part, RenderedText):
        return {**frame, **document_values(frame["page"], part)}
    if isinstance(part, Changes):
        return compare_values(frame["page"], frame["head"], part)
    return frame
