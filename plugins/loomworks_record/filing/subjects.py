"""Subjects of names, compared as a reader would: what is easily written differently does not count."""

from __future__ import annotations

import re


def plain_subject(subject: str) -> str:
    """The subject without ``loomworks-``, without zeros before the phase, in lower case."""
    return re.sub(r"^phase-0+(?=\d)", "phase-", subject.lower().removeprefix("loomworks-"))
