"""Folders that somebody has already: texts whose versions are alike, and series that only count."""

from __future__ import annotations

import random

_WORDS = [
    "price",
    "band",
    "carrier",
    "parcel",
    "weight",
    "zone",
    "depot",
    "hour",
    "driver",
    "route",
    "invoice",
    "label",
    "scanner",
    "return",
    "refund",
    "claim",
    "pallet",
    "customs",
    "duty",
    "broker",
    "permit",
    "lane",
    "truck",
    "ferry",
    "bridge",
    "toll",
    "winter",
    "summer",
    "holiday",
    "rate",
    "fee",
    "discount",
    "account",
    "order",
]


def text(subject: str, edition: int = 0, *, title: str = "", header: str = "") -> str:
    """A text about ``subject``: each edition has a tenth of the sentences of the one before anew."""
    draw = random.Random(subject)
    sentences = [_sentence(draw) for _ in range(40)]
    for number in range(1, edition + 1):
        again = random.Random(f"{subject} {number}")
        for at in again.sample(range(40), 4):
            sentences[at] = _sentence(again)
    return f"# {title or subject.capitalize()}\n\n{header}\n\n## 1. Rules\n\n{' '.join(sentences)}\n"


def _sentence(draw: random.Random) -> str:
    return " ".join(draw.choice(_WORDS) for _ in range(9)).capitalize() + "."


def chain(form: str, numbers: list[str], subject: str = "rates", header: str = "") -> dict[str, str]:
    """Paths with texts: the versions of one document, ``form`` with each number in place of N."""
    return {
        form.replace("N", number): text(subject, at, header=header.replace("N", number))
        for at, number in enumerate(numbers)
    }


def series(form: str, numbers: list[str], title: str = "") -> dict[str, str]:
    """Paths with texts of as many things: chapters, minutes, reports from one template."""
    return {
        form.replace("N", number): text(f"{form} {number}", title=title, header="Keep to the template of the office.")
        for number in numbers
    }
