"""Compare two rendered documents: blocks aligned, words marked, tables kept whole."""

from loomworks_record.comparison.comparison import compare
from loomworks_record.comparison.marks import canonical_html, reconstruct
from loomworks_record.comparison.reading import block_pages
from loomworks_record.comparison.values import (
    Anchored,
    Anchors,
    Change,
    ChangedBlock,
    ChangedSection,
    Comparison,
    Fate,
    Fates,
    IdentifierChange,
    Item,
    Limits,
    RowCount,
    SectionChange,
    SectionName,
    Shortfall,
    ShownHeading,
    Tally,
    UnchangedRun,
)
from loomworks_record.comparison.words import mark_inline

__all__ = [
    "Anchored",
    "Anchors",
    "Change",
    "ChangedBlock",
    "ChangedSection",
    "Comparison",
    "Fate",
    "Fates",
    "IdentifierChange",
    "Item",
    "Limits",
    "RowCount",
    "SectionChange",
    "SectionName",
    "Shortfall",
    "ShownHeading",
    "Tally",
    "UnchangedRun",
    "block_pages",
    "canonical_html",
    "compare",
    "mark_inline",
    "reconstruct",
]
