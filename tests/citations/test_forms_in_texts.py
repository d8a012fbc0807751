"""Names in other forms than -v0_2, named in a text without extension: drafts, and rows of the user's."""

from __future__ import annotations

import pytest
from loomworks_record.record.citations.cite import cite
from loomworks_record.source.config import parse_config

from citations.records import record_of, told


def test_a_draft_is_known_by_its_name_alone() -> None:
    texts = {f"draft-fox-rates-0{number}.md": "# Rates\n" for number in (1, 2)}
    texts["talk.md"] = "# Talk\n\nIn draft-fox-rates-01 and draft-fox-rates-02; draft-owl-doors-03 is elsewhere.\n"
    assert told(cite(record_of(texts)), "talk.md") == [
        "draft-fox-rates-01 => superseded draft-fox-rates-01.md",
        "draft-fox-rates-02 => held draft-fox-rates-02.md",
    ]


@pytest.mark.parametrize(
    ("pattern", "names", "text"),
    [
        (r"_(?P<number>\d)e$", ("manual_5e.md", "manual_6e.md"), "See manual_5e, then manual_6e."),
        (r"^(?P<date>\d{4}-\d\d-\d\d)_", ("2026-04-18_rates.md", "2026-05-18_rates.md"),
         "See 2026-04-18_rates; then 2026-05-18_rates."),
        (r"_v(?P<version>\d+_\d+)(?P<rest>_Spec)$", ("Fox_v4_0_Spec.md", "Fox_v4_1_Spec.md"),
         "Fox_v4_0_Spec (now Fox_v4_1_Spec)"),
    ],
)  # fmt: skip
def test_a_form_of_the_users_is_known_in_texts(pattern: str, names: tuple[str, str], text: str) -> None:
    config = parse_config({"versions": [{"pattern": pattern}]})
    texts = dict.fromkeys(names, "# X\n") | {"talk.md": f"# Talk\n\n{text}\n"}
    record = record_of(texts, config=config)
    older, newer = (name.removesuffix(".md") for name in names)
    assert told(cite(record), "talk.md") == [f"{older} => superseded {older}.md", f"{newer} => held {newer}.md"]
