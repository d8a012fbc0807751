"""Records to measure with: as many documents as asked for, in chains, that read like the ones people file.

Words follow a natural frequency curve (Zipf) over some 20,000. Version n + 1 is version n with a tenth of its sentences
written anew, and every version but the newest lies in ``archive/``. The same arguments give the same bytes.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate, count
from pathlib import Path

WORDS = 20_000
EDITED = 0.1
CHAINS_PER_PHASE = 4
_FIRST_DAY = date(2024, 1, 8)
_KINDS = ("cr", "scoping-note", "implementation-notes", "step-0-inspection-brief")
_ONSETS = ("", *"bcdfglmnprstv", "br", "ch", "cl", "dr", "pl", "sh", "st", "tr")
_NUCLEI = ("a", "e", "i", "o", "u", "ea", "ou", "ai")
_CODAS = ("", "", "n", "r", "s", "t", "l", "nd", "st", "ck", "m")


@dataclass(frozen=True, slots=True)
class Chain:
    """Where one chain is filed: its phase, the folder of the phase, and the name without version."""

    phase: int
    kind: str
    folder: str
    stem: str


def write_record(folder: Path, documents: int, size: int = 25_000, seed: int = 1) -> int:
    """Write ``documents`` files of about ``size`` bytes into ``folder``; the number of bytes written."""
    total = 0
    for path, text in generate(documents, size, seed):
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        total += file.write_bytes(text.encode("utf-8"))
    return total


def generate(documents: int, size: int, seed: int) -> Iterator[tuple[str, str]]:
    """Paths, relative to the record, and texts."""
    random_ = random.Random(seed)
    sentence = sentences(random_)
    written = 0
    for number in count():
        held = min(random_.choices((1, 2, 3, 4, 5, 6), (30, 25, 20, 12, 8, 5))[0], documents - written)
        chain = _chain(number, random_)
        body = _paragraphs(size, sentence, random_)
        # A later version mentions what the first one does: nothing but its sentences is edited.
        mentions = [_mention(chain.phase, position, random_) for position in range(1, len(body), 4)]
        for version in range(1, held + 1):
            place = chain.folder if version == held else f"{chain.folder}/archive"
            yield f"{place}/{chain.stem}-v0_{version}.md", _document(chain, version, body, mentions)
            body = [[_rewritten(line, sentence, random_) for line in paragraph] for paragraph in body]
        written += held
        if written == documents:
            return


def vocabulary(random_: random.Random) -> list[str]:
    """Distinct made-up words, the short ones first, as in a language the frequent words are short."""
    found: dict[str, None] = {}
    while len(found) < WORDS:
        # There are some 1,900 words of one syllable; the commonest 900 are short enough.
        syllables = 1 if len(found) < 900 else 2 + len(found) * 2 // WORDS
        parts = (random_.choice(part) for _ in range(syllables) for part in (_ONSETS, _NUCLEI, _CODAS))
        found["".join(parts)] = None
    return list(found)


def sentences(random_: random.Random) -> Callable[[], str]:
    """A function that gives a new sentence each time."""
    words = vocabulary(random_)
    weights = list(accumulate(1 / (rank + 2.7) for rank in range(len(words))))

    def sentence() -> str:
        chosen = random_.choices(words, cum_weights=weights, k=random_.randint(7, 28))
        return f"{' '.join(chosen).capitalize()}."

    return sentence


def _chain(number: int, random_: random.Random) -> Chain:
    phase = 1 + number // CHAINS_PER_PHASE
    slug = random.Random(phase).choice(("engagement-creation", "terms-of-use", "person-layer", "aggregation", "voice"))
    kind = _KINDS[number % CHAINS_PER_PHASE]
    return Chain(phase, kind, f"phases/phase-{phase:02}-{slug}", f"phase-{phase:02}-{kind}-{slug}")


def _paragraphs(size: int, sentence: Callable[[], str], random_: random.Random) -> list[list[str]]:
    body: list[list[str]] = []
    left = size - 1200
    while left > 0:
        paragraph = [sentence() for _ in range(random_.randint(2, 7))]
        body.append(paragraph)
        left -= sum(map(len, paragraph)) + len(paragraph) + 1
    return body


def _rewritten(line: str, sentence: Callable[[], str], random_: random.Random) -> str:
    return sentence() if random_.random() < EDITED else line


def _document(chain: Chain, version: int, body: list[list[str]], mentions: list[str]) -> str:
    """A header block, numbered sections, a table, code; every fourth paragraph ends with a mention of another
    document or an identifier."""
    day = _FIRST_DAY + timedelta(days=3 * chain.phase + version)
    phase = chain.phase
    number = f"CR-2026-{phase:03}"
    lines = [
        f"# Phase {phase}: {chain.stem.split('-', 2)[2].replace('-', ' ')}",
        "",
        f"**CR number.** {number}  **Version.** 0.{version}  **Date.** {day}  **Status.** Filed.",
        "",
    ]
    for position, paragraph in enumerate(body):
        if position % 6 == 0:
            lines += [f"## {position // 6 + 1}. {paragraph[0][:40].rstrip(' .')}", ""]
        mention = mentions[position // 4] if position % 4 == 1 else ""
        lines += [" ".join(paragraph) + mention, ""]
        if position == 8:
            lines += ["| # | Gate | Where verified |", "|---|---|---|"]
            lines += [f"| {gate} | {body[gate][0][:60]} | §{gate} |" for gate in range(1, 6)] + [""]
        if position == 10:
            lines += ["```python", f"def phase_{phase}(version: int = {version}) -> None: ...", "```", ""]
    return "\n".join(lines)


def _mention(phase: int, position: int, random_: random.Random) -> str:
    other = random_.randint(1, max(1, phase))
    return random_.choice(
        (
            f" See CR-2026-{other:03} §{position % 5 + 1}.",
            f" As Phase {other} CR v0.1 says.",
            f" P{phase}-D{position % 9 + 1} stands.",
            " The scoping v0.1 has the reason.",
            f" It follows §{position % 4 + 1} of this note.",
        )
    )
