"""``llms.txt`` is what its reference parser reads."""

from __future__ import annotations

from citations.records import SAMPLE, cited
from llms_txt import parse_llms_file
from loomworks_record.pages.site_files import llms_txt
from loomworks_record.source.config import parse_config


def test_the_reference_parser_reads_every_line() -> None:
    record = cited(SAMPLE).record
    sizes = {phase.folder: 12_345 for phase in record.phases}
    text = llms_txt(
        record, "The [record]", "How it was built.", lambda address: f"https://record.example/{address}", sizes
    )
    read = parse_llms_file(text)
    assert (read.title, read.summary) == ("The [record]", "How it was built.")
    assert read.info.startswith("Documents are versioned and never changed once filed.")
    assert list(read.sections) == ["Phases", "Current documents outside phases", "For programs"]
    links = [link for section in read.sections.values() for link in section]
    assert len(links) == text.count("\n- [")
    assert all(link["url"].startswith("https://record.example/") and link["title"] and link["desc"] for link in links)


def test_what_a_project_is_called_stands_on_one_line() -> None:
    said = {"site_name": "Our\nrecord\n", "site_description": "First line.\n\nSecond  line.\n"}
    config = parse_config({"organisation": "Example\nCompany\n"}, said)
    assert (config.name, config.line, config.organisation) == ("Our record", "Our record", "Example Company")
    text = llms_txt(cited(SAMPLE).record, config.name, config.lede, str, {})
    assert parse_llms_file(text).summary == "First line. Second line."
