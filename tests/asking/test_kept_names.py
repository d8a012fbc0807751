"""The names of a record are kept between runs: with what is kept the answers are those without, and never old ones."""

from __future__ import annotations

from pathlib import Path

from loomworks_record.asking.look import Answers
from loomworks_record.kept.cache import Cache
from loomworks_record.kept.memo import NO_MEMO, Memo
from loomworks_record.opening.open_record import open_record
from loomworks_record.pages import answers as making
from loomworks_record.pages.name_tables import Names
from loomworks_record.record.whole import Whole
from loomworks_record.source.project import load_project
from pytest import MonkeyPatch

LAMP = "phases/phase-7-lamp"
QUESTIONS = ("CR-2026-007", "phase 7 cr v0.1", "gate 2", "gaet 2", "lamp §3", "phase 7", "wick", "nothing of this")


def _filed(folder: Path, name: str, text: str) -> None:
    file = folder / "content" / LAMP / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def _whole(folder: Path, memo: Memo) -> Whole:
    return open_record(load_project(folder), memo).whole


def _said(whole: Whole) -> list[Answers]:
    names = Names(whole)
    return [names.answers(question)[1] for question in QUESTIONS]


def test_what_is_kept_answers_as_what_is_made(tmp_path: Path, monkeypatch: MonkeyPatch) -> None:
    (tmp_path / "mkdocs.yml").write_text("site_name: Lamp\n")
    _filed(tmp_path, "phase-7-cr-lamp-v0_1.md", "# Lamp\n\n**CR number.** CR-2026-007\n\n## §3 Wick\n\n### Gate 2\n")
    _filed(tmp_path, "phase-7-handoff-v0_1.md", "# Handoff\n\nSee phase-7-cr-lamp-v0_1.md §3.\n")
    made = _said(_whole(tmp_path, NO_MEMO))
    with Cache(tmp_path / "kept", 1 << 30) as cache:
        first = _whole(tmp_path, cache)
        assert _said(first) == made
        assert first.citing(f"{LAMP}/phase-7-cr-lamp-v0_1.md") == (f"{LAMP}/phase-7-handoff-v0_1.md",)
        with monkeypatch.context() as patched:
            patched.delattr(making, "NameEntry")  # nothing is made a second time
            again = _whole(tmp_path, cache)
            assert _said(again) == made
            assert again.citing(f"{LAMP}/phase-7-cr-lamp-v0_1.md") == (f"{LAMP}/phase-7-handoff-v0_1.md",)
            assert "citations" not in vars(again)
        _filed(tmp_path, "phase-7-cr-lamp-v0_2.md", "# Lamp\n\n**CR number.** CR-2026-007\n\n## §3 Wick\n\n### Gate 5")
        later = _said(_whole(tmp_path, cache))
        assert later == _said(_whole(tmp_path, NO_MEMO))
        assert later != made
