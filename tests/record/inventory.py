"""The real record's inventory: each row written as a small file in a header style, and what must be read from it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from loomworks_record.source.names import parse_name
from support.site import INVENTORY as FILE

_BANNER = "DUNIN7-M4 — INFRASTRUCTURE CHANGE REQUEST"
RUN_IN = ("What this document does.", "What's most urgent.", "What's connected but not urgent.")
_STATUS = (
    "Draft for the Operator; supersedes v0.1. Drafted by Claude.ai. Operator: Marvin Percival. "
    "It follows CR v0.1 (2026-04-01) and §7.2 of the methodology v0.20, and awaits approval. "
)


@dataclass(frozen=True, slots=True)
class Row:
    """One document of the inventory. ``header`` says in words how its header is written."""

    path: str
    header: str
    labels: tuple[str, ...]
    title: str
    banner: str | None
    date: str | None
    said_version: str | None
    standing_shown: str | None
    references: tuple[str, ...]
    supersedes: str | None

    @property
    def is_html(self) -> bool:
        return not self.path.endswith(".md")


Style = Callable[[Row], str]


def rows() -> list[Row]:
    return [_row(json.loads(line)) for line in FILE.read_text("utf-8").splitlines()]


def _row(values: dict[str, object]) -> Row:
    path = str(values["path"])
    title = str(values.get("title") or f"Loomworks — {parse_name(Path(path).name).subject.replace('-', ' ')}")
    banner, parted, rest = title.partition(" / ")
    two = bool(parted) and banner == _BANNER
    labels, references = values.get("labels") or (), values.get("references") or ()
    assert isinstance(labels, list | tuple)
    assert isinstance(references, list | tuple)
    optional = (values.get(key) for key in ("date", "version", "standing_shown", "supersedes"))
    date, version, standing, supersedes = (str(value) if value else None for value in optional)
    return Row(
        path, str(values["header"]), tuple(labels), rest if two else title, banner if two else None,
        date, version, standing, tuple(references), supersedes,
    )  # fmt: skip


def expected_version(path: str) -> str | None:
    """From the path alone, by other means than the code under test."""
    *_, last = [None, *re.findall(r"-v(\d+(?:_\d+)+)(?=\.md$|\.html$|$)", path)]
    return last.replace("_", ".") if last else None


def expected_chain(path: str) -> str:
    return re.sub(r"(?:-v\d+(?:_\d+)+)?(?:\.md|\.html)?$", "", path.replace("archive/", ""))


def expected_phase(path: str) -> int | None:
    found = re.match(r"phases/phase-(\d+)", path)
    return int(found[1]) if found else None


def written(row: Row, style: Style) -> bytes:
    return style(row).encode()


# The value that stands under each label.


def value(row: Row, label: str) -> str:
    """What stands under ``label``: hard texts, full of versions and dates that are not the document's own."""
    word = label.rstrip(".:")
    plain = {
        "Version": row.said_version or "",
        "Date": row.date or "",
        "CR number": "CR-2026-090",
        "CR identifier": "CR-2026-XXX",
        "Supersedes": row.supersedes or "Nothing.",
        "Author": "Marvin Percival (DUNIN7), prepared via Claude.",
        "Phase": "57 — Marketing Engagement Creation (amendment cycle 2).",
        "CR target": "CR-2026-090 v0.3 (phase-57-cr-marketing-engagement-creation-v0_3.md), superseding v0.2.",
        "Against Manifestation": "v1",
        "Priority": "Standard.",
    }
    if word in plain:
        return plain[word]
    if word == "Status":
        return (_STATUS * (10 if "2,000" in row.header else 1)).strip()
    return "; ".join(row.references) or f"{word} of this document, first said on 2026-04-02."


def _pairs(row: Row, mark: str = "") -> list[tuple[str, str]]:
    """(label with its point, value); ``mark`` is "**" for bold. Run-in heads are no labels.

    A row that says its date in a sentence has a label for it here, for the styles that are not its own.
    """
    labels = [label for label in row.labels if label not in RUN_IN]
    if row.date and row.header.startswith("sentence"):
        labels = ["Date.", *labels]
    return [(f"{mark}{label}{mark}", value(row, label)) for label in labels]


def _markdown(row: Row, header: str) -> str:
    """A heading (or two), the header, and a body that looks like more header."""
    level = "##" if header else "#"
    heading = f"# {row.banner}\n\n{level} {row.title}" if row.banner else f"# {row.title}"
    run_in = "".join(f"**{label}** {_STATUS * 3}\n\n" for label in row.labels if label in RUN_IN)
    table = "| Version | Date |\n|---|---|\n| 0.9 | 2020-01-02 |"
    body = f"{run_in}## 1. Purpose\n\nStatus. This is prose of 2020-01-01, about v9.9.\n\n{table}\n"
    return f"{heading}\n\n{header}\n\n{body}" if header else f"{heading}\n\n{body}"


def bold_one_line(row: Row) -> str:
    return _markdown(row, " ".join(f"{label} {text}" for label, text in _pairs(row, "**")))


def bold_one_per_line(row: Row) -> str:
    return _markdown(row, "\n".join(f"{label} {text}" for label, text in _pairs(row, "**")))


def bold_one_per_paragraph(row: Row) -> str:
    return _markdown(row, "\n\n".join(f"{label} {text}" for label, text in _pairs(row, "**")))


def bold_list(row: Row) -> str:
    return _markdown(row, "\n".join(f"- {label} {text}" for label, text in _pairs(row, "**")))


def bold_hard_breaks(row: Row) -> str:
    return _markdown(row, "  \n".join(f"{label} {text}" for label, text in _pairs(row, "**")))


def plain_one_line(row: Row) -> str:
    return _markdown(row, " ".join(f"{label} {text}" for label, text in _pairs(row)))


def plain_one_per_line(row: Row) -> str:
    return _markdown(row, "\n".join(f"{label} {text}" for label, text in _pairs(row)))


def plain_one_per_paragraph(row: Row) -> str:
    return _markdown(row, "\n\n".join(f"{label} {text}" for label, text in _pairs(row)))


def colons_one_line(row: Row) -> str:
    return _markdown(row, " ".join(f"{label[:-1]}: {text}" for label, text in _pairs(row)))


def bold_colons(row: Row) -> str:
    return _markdown(row, "\n".join(f"**{label[:-1]}:** {text}" for label, text in _pairs(row)))


def split_by_list(row: Row) -> str:
    """One line up to the last label but one, whose value is a list; the rest follows it."""
    pairs = _pairs(row, "**")
    at = max(0, len(pairs) - 2)
    before = " ".join(f"{label} {text}" for label, text in pairs[:at])
    label, text = pairs[at] if pairs else ("", "")
    listed = "\n".join(f"- {item}" for item in (text.split("; ") if text else []))
    after = " ".join(f"{label} {text}" for label, text in pairs[at + 1 :])
    return _markdown(row, f"{before} {label}\n\n{listed}\n\n{after}".strip())


def front_matter(row: Row) -> str:
    listed = "".join(f"{label[:-1].lower()}: {json.dumps(text, ensure_ascii=False)}\n" for label, text in _pairs(row))
    return f"---\n{listed}---\n\n" + _markdown(row, "") if listed else _markdown(row, "")


def sentence(row: Row) -> str:
    """ "Produced 2026-05-24 by CC." instead of labels."""
    produced = f"Produced {row.date} by CC against the repository at v4.1.\n\n" if row.date else ""
    return _markdown(
        row, (produced + "\n\n".join(f"{label} {text}" for label, text in _pairs(row) if "Companion" in label)).strip()
    )


MARKDOWN: dict[str, Style] = {
    style.__name__.replace("_", " "): style
    for style in (
        bold_one_line, bold_one_per_line, bold_one_per_paragraph, bold_list, bold_hard_breaks, plain_one_line,
        plain_one_per_line, plain_one_per_paragraph, colons_one_line, bold_colons, split_by_list, front_matter,
        sentence,
    )
}  # fmt: skip


def _html(row: Row, before: str, after: str, title: str = "") -> str:
    return (
        f"<!doctype html>\n<html lang=en>\n<head><meta charset=utf-8><title>{title or row.title}</title>\n"
        f"<style>/* v9.8 2019-01-01 */</style></head>\n<body>\n{before}<h1>{row.title}</h1>\n{after}\n"
        "<p>It keeps v0.14's identity, wordmark-study v0.5.</p>\n</body>\n</html>\n"
    )


def _said(row: Row) -> str:
    return "v" + (row.said_version or "").removeprefix("v")


def html_stamp(row: Row) -> str:
    return _html(
        row, "<p class=kicker>Loomworks · Specification</p>", f"<p>Viewing {_said(row)}·{row.date}·Editable</p>"
    )


def html_kicker(row: Row) -> str:
    return _html(row, f"<p>Loomworks Brand Guide {_said(row)} The Complete System {row.date} DUNIN7 — Miami</p>", "")


def html_kicker_in_parts(row: Row) -> str:
    parts = (
        f"<span>Loomworks Brand Guide</span> <span>{_said(row)}</span><br>The System<br>{row.date}<br>DUNIN7 — Miami"
    )
    return _html(row, f"<header>{parts}</header>", "")


def html_label_paragraphs(row: Row) -> str:
    pairs = _pairs(row) or [("Version:", _said(row)), ("Date:", row.date or "")]
    listed = "\n".join(f"<p><strong>{label}</strong> {text}</p>" for label, text in pairs)
    return _html(row, "<div>Loomworks · FORAY Reference</div>", listed)


def html_label_lines(row: Row) -> str:
    pairs = _pairs(row) or [("Version:", _said(row)), ("Date:", row.date or "")]
    return _html(row, "<div>Loomworks · FORAY Reference</div>", f"<p>{'<br>'.join(f'{a} {b}' for a, b in pairs)}</p>")


def html_title(row: Row) -> str:
    return _html(row, "", "", f"{row.title} {_said(row)}·{row.date}·Working draft")


HTML: dict[str, Style] = {
    style.__name__.replace("_", " "): style
    for style in (
        html_stamp, html_kicker, html_kicker_in_parts, html_label_paragraphs, html_label_lines, html_title
    )
}  # fmt: skip


def own_styles(row: Row) -> tuple[Style, Style]:
    """The styles that the row's words name: as rendered, and as in the other capture."""
    header = row.header
    if header.startswith("HTML"):
        html = html_stamp if "Viewing" in header else html_kicker if "Brand Guide" in header else html_label_paragraphs
        other = html_kicker_in_parts if html is html_kicker else html_label_lines if row.labels else html_stamp
        return html, other
    if header.startswith("none"):
        return bold_one_line, plain_one_line
    if header.startswith("sentence"):
        return sentence, sentence
    if "colon labels" in header:
        return plain_one_line, plain_one_per_line
    if "split by list" in header or "run-in list" in header:
        return split_by_list, split_by_list
    if header.startswith("one per line"):
        return bold_one_per_paragraph, plain_one_per_paragraph
    if "run-in labels" in header:
        return plain_one_per_paragraph, bold_one_per_paragraph
    if "one per line" in header:
        return bold_one_line, plain_one_per_paragraph
    return bold_one_line, plain_one_line
