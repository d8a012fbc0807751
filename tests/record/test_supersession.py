"""Standing by the header's own word: across names, both ways, and every disagreement told."""

from __future__ import annotations

from pathlib import Path

import pytest
from loomworks_record.pages.wording import standing_word
from loomworks_record.record.record import Record
from loomworks_record.source.config import RecordConfig, parse_config
from loomworks_record.source.store import read_content
from support.site import write_content

OF_STANDING = ("status-", "supersession-", "superseded-outside", "newest-in", "date-contra", "older-outside")


def read(folder: Path, files: dict[str, str], config: RecordConfig | None = None) -> Record:
    write_content(files, folder)
    config = config or RecordConfig()
    return Record(config, read_content(folder, config.kinds, notation=config.notation))


def told(record: Record) -> list[tuple[str, str]]:
    return [(each.path, each.code) for each in record.problems if each.code.startswith(OF_STANDING)]


NEW = "---\nsupersedes: old-fees.md\n---\n# New fees\n\nText.\n"
WAYS = {
    "front matter": "---\nstatus: superseded\nsuperseded-by: new-fees.md\n---\n# Old fees\n\nText.\n",
    "bold label": "# Old fees\n\n**Status:** Superseded by [New fees](new-fees.md)\n\nText.\n",
    "point in its link": "# Old fees\n\n## Status\n\nSuperseded by [Fees, rev. Two. Final](new-fees.md)\n\n## C\n",
    "plain labels": "# Old fees\n\nStatus: Superseded\nSuperseded by: new-fees\n\nText.\n",
    "section": "# Old fees\n\nDate: 2026-01-02\n\n## Status\n\nAccepted\n\n"
    "Superseded by [New fees](new-fees.md)\n\n## Context\n\nText.\n",
    "banner above": "> **SUPERSEDED** by [New fees](new-fees.md)\n\n# Old fees\n\nText.\n",
    "banner below": "# Old fees\n\n> [!WARNING]\n> This document has been superseded by `new-fees.md`.\n\nText.\n",
    "bold banner": "# Old fees\n\n**This spec is obsolete: see new-fees.md**\n\nText.\n",
    "label replaced by": "# Old fees\n\n**Replaced by.** New fees\n\nText.\n",
}


@pytest.mark.parametrize("old", WAYS.values(), ids=WAYS)
def test_what_says_by_what_it_is_superseded_is_archived_with_that_successor(tmp_path: Path, old: str) -> None:
    record = read(tmp_path, {"old-fees.md": old, "new-fees.md": NEW})
    before, after = record.by_path["old-fees.md"], record.by_path["new-fees.md"]
    assert (record.standing(before), record.standing(after)) == ("archived", "current")
    assert record.chain(before).replacement(before) is after
    assert record.chain(after).replaced(after) is before
    assert record.current(before) is None
    assert told(record) == []  # its header says it: it may lie where it does


def test_one_side_alone_counts_and_is_told(tmp_path: Path) -> None:
    record = read(tmp_path / "a", {"archive/old-fees.md": "# Old\n", "new-fees.md": NEW})
    assert record.standing(record.by_path["archive/old-fees.md"]) == "archived"
    assert told(record) == [("archive/old-fees.md", "supersession-one-sided")]
    record = read(tmp_path / "b", {"archive/old-fees.md": WAYS["front matter"], "new-fees.md": "# New fees\n"})
    assert told(record) == [("new-fees.md", "supersession-one-sided")]


@pytest.mark.parametrize(
    "status", ["Withdrawn", "Superseded", "DEPRECATED", "Retired on 1 May 2026", "⚠️ Obsolete", "RETIRED-AS-BUILT"]
)
def test_a_word_without_a_held_successor_is_told(tmp_path: Path, status: str) -> None:
    record = read(tmp_path, {"fees.md": f"# Fees\n\n**Status:** {status}\n\nText.\n"})
    assert record.standing(record.documents[0]) == "current"
    assert told(record) == [("fees.md", "status-not-in-force")]


def test_what_the_header_says_against_it_stands_beside_the_standing(tmp_path: Path) -> None:
    files = {
        "fees-v0_2.md": "# Fees\n\n**Status:** Withdrawn on 1 May: too dear\n\nText.\n",
        "archive/fees-v0_1.md": "# Fees\n\n**Status:** Deprecated\n\nText.\n",
        "rates.md": "# Rates\n\n**Status:** Draft\n\nText.\n",
    }
    record = read(tmp_path, files)
    said = {one.path: standing_word(record.standing(one), True, record.against(one)) for one in record.documents}
    assert said == {
        "fees-v0_2.md": "Current, says “Withdrawn”", "archive/fees-v0_1.md": "Archived", "rates.md": "Current"
    }  # fmt: skip


@pytest.mark.parametrize(
    "status",
    ["Draft; supersedes v0.3", "In force. v0.1 is superseded", "Superseded v0.2 stays", "Partially superseded by b.md",
     "Superseded-draft handling", "Not deprecated", "Current", "Superseded in part by §4 of b.md"],
)  # fmt: skip
def test_words_that_say_nothing_of_the_whole_are_none(tmp_path: Path, status: str) -> None:
    record = read(tmp_path, {"fees.md": f"# Fees\n\n**Status:** {status}\n\nText.\n", "b.md": "# B\n"})
    assert [record.standing(document) for document in record.documents] == ["current", "current"]
    assert told(record) == []


def test_words_of_the_table_can_be_given_another_meaning(tmp_path: Path) -> None:
    config = parse_config(
        {"statuses": [{"word": "deprecated", "means": "in-force"}, {"word": "parked", "means": "not-in-force"}]}
    )
    files = {"a.md": "---\nstatus: Deprecated\n---\n# A\n", "b.md": "---\nstatus: Parked\n---\n# B\n"}
    assert told(read(tmp_path, files, config)) == [("b.md", "status-not-in-force")]


def by(other: str) -> str:
    return f"---\nsuperseded-by: {other}\n---\n# Text\n"


CONTRADICTIONS = {
    "a circle": {"a.md": by("b.md"), "b.md": by("a.md")},
    "itself": {"a.md": by("a.md")},
    "two that claim it": {
        "archive/a.md": "# A\n",
        "b.md": "---\nsupersedes: a.md\n---\n# B\n",
        "c.md": "---\nsupersedes: a.md\n---\n# C\n",
    },
    "another than its next version": {"archive/a-v0_1.md": by("b.md"), "a-v0_2.md": "# A\n", "b.md": "# B\n"},
}


@pytest.mark.parametrize("files", CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_contradictions_are_told_and_end_nothing(tmp_path: Path, files: dict[str, str]) -> None:
    record = read(tmp_path, files)
    assert "supersession-contradiction" in {code for _, code in told(record)}
    assert any(record.standing(document) == "current" for document in record.documents)


def test_a_successor_that_is_older_is_told(tmp_path: Path) -> None:
    old = "---\ndate: 2026-05-02\nsuperseded-by: b.md\n---\n# A\n"
    record = read(tmp_path, {"archive/a.md": old, "b.md": "---\ndate: 2026-05-01\nsupersedes: a.md\n---\n# B\n"})
    assert told(record) == [("archive/a.md", "date-contradiction")]


def test_records_of_decisions_name_each_other_by_number(tmp_path: Path) -> None:
    files = {
        "adr/0002-use-files.md": "# 2. Use files\n\n## Status\n\nSuperseded by ADR-0005\n\n## Context\n\nText.\n",
        "adr/0005-use-a-log.md": "# 5. Use a log\n\n## Status\n\nAccepted\n",
    }
    record = read(tmp_path, files)
    old = record.by_path["adr/0002-use-files.md"]
    assert record.chain(old).replacement(old) is record.by_path["adr/0005-use-a-log.md"]


def test_a_chain_of_three_names(tmp_path: Path) -> None:
    files = {
        "archive/a-v0_1.md": by("b"),
        "archive/b-v0_1.md": "# B\n",
        "archive/b-v0_2.md": by("c.md"),
        "c.md": "# C\n",
    }
    record = read(tmp_path, files)
    assert [record.standing(document) for document in record.documents] == ["archived"] * 3 + ["current"]
    first = record.by_path["archive/a-v0_1.md"]
    assert record.chain(first).replaced_by is record.by_path["archive/b-v0_2.md"]


BOTH_WAYS = {
    "by link": ("Superseded by [5. Use a log](0005-b.md)", "Accepted\n\nSupersedes [2. Use files](0002-a.md)"),
    "in the status": ("Superseded by ADR-0005", "Accepted, supersedes ADR-0002"),
    "amended before": (
        "Amended by [7. More](0007-c.md)\n\nSuperseded by [5. Use a log](0005-b.md)",
        "Accepted\n\nSupersedes [2. Use files](0002-a.md)",
    ),
    "with another sentence": ("Superseded by 0005", "Accepted\n\nAmended by [7. More](0007-c.md)\n\nReplaces 0002"),
}


@pytest.mark.parametrize(("old", "new"), BOTH_WAYS.values(), ids=BOTH_WAYS)
def test_a_status_may_say_what_it_supersedes(tmp_path: Path, old: str, new: str) -> None:
    files = {
        "adr/0002-a.md": f"# 2. Use files\n\n## Status\n\n{old}\n",
        "adr/0005-b.md": f"# 5. Use a log\n\n## Status\n\n{new}\n",
        "adr/0007-c.md": "# 7. More\n",
    }
    record = read(tmp_path, files)
    assert record.chain(record.by_path["adr/0002-a.md"]).replaced_by is record.by_path["adr/0005-b.md"]
    assert told(record) == []


@pytest.mark.parametrize("label", ["Obsoleted by", "Obsoleted-by", "Superseded-By"])
def test_labels_with_hyphens_are_labels(tmp_path: Path, label: str) -> None:
    files = {
        "mx-0001.md": f"# MX-1: Frames\n\n**{label}:** 4\n",
        "mx-0003.md": "# MX-3: Counts\n\nStatus: Final\nObsoleted-by: MX-4\n",
        "mx-0004.md": "# MX-4: Frames and counts\n\nStatus: Final\nObsoletes: 1, 3\n",
    }
    record = read(tmp_path, files)
    replaced = [record.chain(record.by_path[path]).replaced_by for path in ("mx-0001.md", "mx-0003.md")]
    assert replaced == [record.by_path["mx-0004.md"]] * 2
    assert told(record) == []


def test_a_number_with_which_a_title_begins_names_the_document(tmp_path: Path) -> None:
    files = {
        "minutes.md": "# Minutes\n\nSuperseded by: Resolution 2\n",
        "res/resolution-0002-rooms.md": "# Resolution 02: Rooms\n\nSupersedes: minutes\n",
        "res/resolution-0003-fees.md": "# Resolution 3: Fees\n",
    }
    record = read(tmp_path, files)
    assert record.chain(record.by_path["minutes.md"]).replaced_by is record.by_path["res/resolution-0002-rooms.md"]
    assert told(record) == []


def test_two_labels_of_ones_own_may_stand_for_one(tmp_path: Path) -> None:
    config = parse_config({"labels": {"Stand": "Date", "Datum": "Date"}})
    record = read(tmp_path, {"a.md": "---\nStand: beschlossen\nDatum: 2024-05-06\n---\n# A\n"}, config)
    assert [str(document.date) for document in record.documents] == ["2024-05-06"]
    assert not [each for each in record.problems if each.code == "front-matter-malformed"]


def test_an_older_version_that_says_so_may_lie_beside_its_successor(tmp_path: Path) -> None:
    files = {
        "plan-v1.md": "# Plan\n\nStatus: Superseded by plan v2\n", "plan-v2.md": "# Plan\n\nStatus: Accepted\n",
        "fees-v1.md": "# Fees\n\nStatus: Accepted\n", "fees-v2.md": "# Fees\n\nStatus: Accepted\n",
    }  # fmt: skip
    assert told(read(tmp_path, files)) == [("fees-v1.md", "superseded-outside-archive")]
