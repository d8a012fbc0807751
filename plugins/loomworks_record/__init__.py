"""The record: versioned documents read, chained, cited, compared, published and verified.

What other programs may use stands in ``__all__``, and is described in docs/python.md. It is loaded when first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from loomworks_record.errors import RecordError
    from loomworks_record.opening.open_record import OpenRecord, open_record
    from loomworks_record.record.chains import Chain
    from loomworks_record.record.citations.citation import Citation
    from loomworks_record.record.record import Record
    from loomworks_record.source.document import Document
    from loomworks_record.source.problem import Problem
    from loomworks_record.source.project import Project, load_project

__version__ = "0.1.0"

__all__ = [
    "Chain",
    "Citation",
    "Document",
    "OpenRecord",
    "Problem",
    "Project",
    "Record",
    "RecordError",
    "__version__",
    "load_project",
    "open_record",
]

_MODULES = {
    "Chain": "record.chains",
    "Citation": "record.citations.citation",
    "Document": "source.document",
    "OpenRecord": "opening.open_record",
    "Problem": "source.problem",
    "Project": "source.project",
    "Record": "record.record",
    "RecordError": "errors",
    "load_project": "source.project",
    "open_record": "opening.open_record",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
