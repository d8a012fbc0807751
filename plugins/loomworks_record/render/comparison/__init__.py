"""Compare two rendered documents: blocks aligned, words marked, tables kept whole."""

from loomworks_record.render.comparison.comparison import compare
from loomworks_record.render.comparison.marks import canonical_html, reconstruct
from loomworks_record.render.comparison.values import (
    Change,
    ChangedBlock,
    ChangedSection,
    Comparison,
    IdentifierChange,
    Item,
    Limits,
    RowCount,
    SectionChange,
    SectionName,
    Shortfall,
    ShownHeading,
    Tally,
    Unchanged,
)
from loomworks_record.render.comparison.words import mark_inline

__all__ = [
    "Change",
    "ChangedBlock",
    "ChangedSection",
    "Comparison",
    "IdentifierChange",
    "Item",
    "Limits",
    "RowCount",
    "SectionChange",
    "SectionName",
    "Shortfall",
    "ShownHeading",
    "Tally",
    "Unchanged",
    "canonical_html",
    "compare",
    "mark_inline",
    "reconstruct",
]
