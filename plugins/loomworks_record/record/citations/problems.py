"""What is wrong with a citation."""

from __future__ import annotations

from loomworks_record.record.citations.resolution import Resolution
from loomworks_record.source.document import Document
from loomworks_record.source.problem import Problem
from loomworks_record.text.reading import Spot


def problem_of(document: Document, spot: Spot, found: Resolution) -> Problem | None:
    """What is wrong with a mention in ``document`` that resolves to ``found``, if anything."""
    if not (found.problem or found.missing or found.newer):
        return None
    mention, line, words = spot.mention, spot.line, words_of(spot)
    if found.problem == "link-unsafe":
        return Problem(document.path, line, "link-unsafe", f"the link '{mention.url}' is not followed")
    if found.problem:
        return Problem(document.path, line, found.problem, f"the link '{mention.url}' leads to nothing that is filed")
    if found.missing and found.document:
        if mention.what != "link" and not any(sign.isdigit() for sign in found.missing):
            return None  # words after a § that no title has: where they end is not known
        code = "link-broken" if mention.what == "link" else "section-missing"
        what = found.missing if found.missing.startswith("#") else f"§{found.missing}"
        return Problem(document.path, line, code, f"'{words}': {found.document.path} has no {what}")
    if found.newer and found.chain and found.outcome == "unresolved" and mention.version:
        newest = found.chain.newest
        said = f"'{words}': v{mention.version} is newer than v{newest.version}, the newest held"
        return Problem(document.path, line, "version-not-held", said)
    return None


def words_of(spot: Spot) -> str:
    """The words of a mention, white space folded; the version, where a mention has no words of its own."""
    words = spot.words or f"v{spot.mention.version}"
    return " ".join(words.split()) if "\n" in words or "  " in words else words
