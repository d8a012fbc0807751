"""Problems: what is wrong or doubtful in a record, and the one table of their codes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

from loomworks_record import lazy

_CONTROL = lazy.regex(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")

Severity = Literal["error", "warning", "notice"]


class Rule(Struct, frozen=True):
    """What a code stands for: its severity, the rule that was broken, and what to do about it."""

    severity: Severity
    rule: str
    remedy: str


class Problem(Struct, frozen=True, order=True):
    """One thing wrong at one place. ``path`` is relative to ``content/``; ``line`` is 1-based or None."""

    path: str
    line: int | None
    code: str
    message: str

    @property
    def severity(self) -> Severity:
        return CODES[self.code].severity

    def __str__(self) -> str:
        """One line, whatever is in the path."""
        path = _CONTROL.sub(lambda found: f"\\x{ord(found.group()):02x}", self.path)
        place = path if self.line is None else f"{path}:{self.line}"
        return f"{place}: {self.severity}: {self.message} [{self.code}]"


def failing(problems: Iterable[Problem], *, strict: bool) -> tuple[Problem, ...]:
    """Those that fail a check: errors, and under ``strict`` warnings too. Notices never do."""
    severities = ("error", "warning") if strict else ("error",)
    return tuple(problem for problem in problems if problem.severity in severities)


def sort_key(problem: Problem) -> tuple[str, int, str, str]:
    return (problem.path, problem.line or 0, problem.code, problem.message)


CODES: dict[str, Rule] = {
    # Files
    "file-unreadable": Rule(
        "error", "Every file of the record can be read.", "Mend the permissions or restore the file."
    ),
    "file-not-regular": Rule(
        "error",
        "The record holds regular files only: no symbolic links, sockets or devices.",
        "Replace it by a copy of what it points to.",
    ),
    "file-is-pointer": Rule(
        "error",
        "A document, or a file beside it, lies in the record itself, not a pointer of Git LFS to it.",
        "Run 'git lfs pull' (in a workflow: check out with LFS); until then the document is not shown as Current.",
    ),
    "file-not-checked-out": Rule(
        "error",
        "Every file that the repository has below content/ is checked out.",
        "Run 'git sparse-checkout disable' (in a workflow: check out without it): a version that is left out may hold.",
    ),
    "file-may-run": Rule(
        "notice",
        "Filed HTML and SVG lie on a host that sends the declared headers, and so runs no script of theirs.",
        "Publish the record on a host that takes _headers or the nginx file; what holds no script may stay.",
    ),
    "file-hidden": Rule(
        "notice",
        "Names that begin with a dot are not published.",
        "Rename the file if it belongs to the record.",
    ),
    "file-empty": Rule("warning", "A document has text.", "File the text, or remove the file."),
    "file-large": Rule(
        "notice",
        "A document is smaller than 1 MiB.",
        "It is published whole; consider splitting it, for those who read on a phone.",
    ),
    "encoding-not-utf8": Rule(
        "warning",
        "Documents are UTF-8.",
        "It was read by its byte order mark; file the next version as UTF-8.",
    ),
    "encoding-unknown": Rule(
        "error",
        "The text of a document can be decoded.",
        "It is offered as raw bytes only; file a version in UTF-8.",
    ),
    "document-unreadable": Rule(
        "error",
        "Every document can be read to its end.",
        "Its bytes are published as filed. The fault is this program's: please report what --debug shows.",
    ),
    # Names
    "name-collision": Rule(
        "error",
        "No two paths differ only in case or in Unicode form: some systems can hold only one of them.",
        "Rename one of the two.",
    ),
    "name-not-nfc": Rule(
        "warning",
        "Names are in Unicode form NFC.",
        "Rename the file to the NFC form; its address is that form already.",
    ),
    "name-not-portable": Rule(
        "notice",
        "Names use letters, digits, '.', '-' and '_'.",
        "Rename the file; until then its address is percent-encoded.",
    ),
    "name-too-long": Rule("error", "A name has at most 200 bytes.", "Shorten the name: no page can be made for it."),
    "name-unpublishable": Rule(
        "error",
        "A name holds no control character and no backslash.",
        "Rename it: no address can be made of it, so the file (or all that lies in the folder) is not published.",
    ),
    "name-extension": Rule(
        "warning",
        "The name of a document ends in .md or .html, in small letters.",
        "Rename the file; until then it is an attachment.",
    ),
    "name-version-malformed": Rule(
        "warning",
        "A version stands last in the name, in a form that is read: -v0_2, -v0.2, _v2, -v0.4a, -v1.0-draft.",
        "Rename the file, or say how it is written with a row of 'versions'; until then it has no version.",
    ),
    "name-version-inside": Rule(
        "notice",
        "The version of a document stands last in its name.",
        "Rename the file or add a row of 'versions', if it is its own version; leave it, if it is another's.",
    ),
    "name-version-missing": Rule(
        "notice",
        "A document whose header says a version has it in its name.",
        "Rename the file, if its versions are to be kept side by side.",
    ),
    # Headers
    "front-matter-malformed": Rule(
        "warning",
        "Front matter can be parsed: YAML, TOML or JSON.",
        "It is shown as filed, as code; mend it in the next version.",
    ),
    "header-version-unread": Rule(
        "notice",
        "A version that a text shows of itself is read from a label: 'Version: 0.7' below the title.",
        "Write it so in the next version, if it is the document's own; leave it, if it is another's.",
    ),
    "header-version-mismatch": Rule(
        "warning",
        "The version in the header is the version in the name.",
        "The name holds; mend the header in the next version.",
    ),
    "date-invalid": Rule("warning", "The date in the header is a valid date.", "Mend it in the next version."),
    "date-ambiguous": Rule(
        "warning",
        "The date in the header can be read in one way only.",
        "Write it as 2026-05-12 in the next version; until then the document has no date.",
    ),
    "date-without-day": Rule(
        "notice",
        "The date in the header has a day.",
        "Write the day in the next version; until then it is the first of the month.",
    ),
    "date-contradiction": Rule(
        "warning",
        "Dates agree: no version before the one that it supersedes, no answer before its halt.",
        "See which of the two dates is wrong.",
    ),
    # Chains and standing
    "version-duplicate": Rule(
        "error",
        "A version is held once in each form.",
        "Compare the two files and remove the wrong one.",
    ),
    "version-gap": Rule(
        "notice",
        "The held versions of a chain follow each other.",
        "File the missing version under archive/, if it still exists.",
    ),
    "superseded-outside-archive": Rule(
        "warning",
        "A superseded version lies in archive/.",
        "Move it to archive/ beside its successor.",
    ),
    "status-not-in-force": Rule(
        "warning",
        "A document that says it is superseded, withdrawn or retired does not stand as Current.",
        "File what supersedes it and name that, or move it to archive/.",
    ),
    "supersession-one-sided": Rule(
        "notice",
        "Of two documents, one of which supersedes the other, both say so.",
        "Name the other document in the header of the next version.",
    ),
    "supersession-contradiction": Rule(
        "warning",
        "What supersedes a document is one other document, and not one that it supersedes.",
        "See which of the headers is wrong.",
    ),
    "newest-in-archive": Rule(
        "warning",
        "The newest version of a chain lies outside archive/.",
        "Move it out of archive/, or file the version that supersedes it.",
    ),
    "older-outside-newer-archived": Rule(
        "error",
        "No older version lies outside archive/ while a newer one lies inside.",
        "Swap the two: the reader is shown the older one as if it held.",
    ),
    "twins-apart": Rule(
        "warning",
        "Both forms of a version lie together, in archive/ or outside.",
        "Move one of them beside the other; until then each has the standing of its own folder.",
    ),
    "phase-folder-mismatch": Rule(
        "warning",
        "A document named after a phase lies in the folder of that phase.",
        "Move it, or see that its name is right.",
    ),
    # Citations and links
    "section-missing": Rule(
        "warning",
        "A section that is cited exists in the document cited.",
        "See which section is meant; the link goes to the top of the document.",
    ),
    "version-not-held": Rule(
        "warning",
        "No document cites a version newer than any held.",
        "File that version, or see that the citation is right.",
    ),
    "citation-ground-moved": Rule(
        "notice",
        "The section or identifier of an archived version that a current document cites reads the same in the version"
        " in force.",
        "See what changed, and whether the document still holds; the next version can cite the text in force.",
    ),
    "link-broken": Rule("warning", "A link that an author wrote leads somewhere.", "See where it should lead."),
    "attachment-missing": Rule(
        "warning", "An image or file that a document links is filed.", "File it at the path that is linked."
    ),
    "link-unsafe": Rule(
        "warning",
        "A link leads to http, https, mailto or a place in the record.",
        "It is shown without the link.",
    ),
    "identifier-duplicate": Rule(
        "warning",
        "A number names one document.",
        "Give one of them another number; until then a mention of it leads to none of them.",
    ),
    "identifier-mismatch": Rule(
        "warning",
        "A document has one number: its name, header and title say the same.",
        "See which is right, and mend the others in the next version.",
    ),
    # Trajectories
    "phase-looks-closed": Rule(
        "notice",
        "A phase whose documents say that it has ended is closed.",
        "Write 'state: closed' into the phase's phase.yml (or 'state: active', if it goes on), or file a closing note.",
    ),
    "cycle-without-halt": Rule(
        "notice",
        "An amendment names the halt that it answers.",
        "Name the halt note in the amendment's next version, if there was one.",
    ),
    "phase-file-malformed": Rule("warning", "phase.yml holds 'title', 'state' and 'goal' only.", "Mend the file."),
    # The log
    "log-missing-entry": Rule("warning", "Every archived document has an entry in the log.", "Run 'record log'."),
    "log-malformed": Rule("error", "The log can be read, line by line.", "Restore it from the repository's history."),
    "log-archive-differs": Rule(
        "error",
        "An archived document is what its log entry says.",
        "Restore the filed bytes, or run 'record log --correct' with a reason. Nothing is built until then.",
    ),
    "log-archive-missing": Rule(
        "error",
        "A document that the log holds is in the archive.",
        "Restore it, or run 'record withdraw' with a reason. Nothing is built until then.",
    ),
    "log-withdrawn-held": Rule(
        "error", "What was withdrawn is not filed any more.", "Delete the file. Nothing is built until then."
    ),
}
