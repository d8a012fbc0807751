"""Random edits of a small record: what people do to documents, and what changes around them."""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from build.workshop import Workshop, held
from loomworks_record.pages.moves import Withdrawal
from msgspec.structs import replace

_WORDS = [
    "gate",
    "pass",
    "review",
    "amendment",
    "scope",
    "ledger",
    "tariff",
    "ballot",
    "harbour",
    "lantern",
    "orchard",
    "meadow",
]


def begin(workshop: Workshop, chance: random.Random) -> None:
    """Three phases of a few chains, which cite one another, and documents outside of phases."""
    for phase in (1, 2, 3):
        for kind, versions in (("cr-billing", 3), ("scoping-note-billing", 1), ("implementation-notes", 2)):
            for version in range(1, versions + 1):
                place = f"phases/phase-{phase:02}-billing/{'archive/' if version < versions else ''}"
                workshop.write(f"{place}phase-{phase:02}-{kind}-v0_{version}.md", _text(phase, kind, version, chance))
    workshop.write("session-handoffs/session-handoff-2026-05-08-v0_1.md", _text(2, "handoff", 1, chance))
    workshop.write("notes/page-v0_1.html", "<!doctype html><title>Page</title><p>CR v0.1 and CR-2026-001.</p>")
    workshop.write("README.md", "# About\n\nSee phase-01-cr-billing-v0_2.md and [one](notes/page-v0_1.html).\n")
    workshop.write("notes/plan.txt", "no document")


def edit(workshop: Workshop, chance: random.Random) -> str:
    """Do one thing to the record, its configuration or its templates; what it was."""
    workshop.earlier.append(held(workshop.content))
    kind = chance.choice(list(EDITS))
    EDITS[kind](workshop, chance)
    return kind


def _text(phase: int, kind: str, version: int, chance: random.Random) -> str:
    lines = [
        f"# Phase {phase}: {kind.replace('-', ' ')}",
        "",
        f"**Version.** 0.{version} **Date.** 2026-05-{version:02}",
    ]
    if kind.startswith("cr"):
        lines[-1] += f" **CR number.** CR-2026-00{phase}"
    for section in range(1, 4):
        lines += [
            "",
            f"## {section}. {_sentence(chance)}",
            "",
            f"{_sentence(chance)} {_mention(chance)} {_sentence(chance)}",
        ]
    lines += [
        "",
        "| # | Decision |",
        "|---|---|",
        f"| P{phase}-D1 | {_sentence(chance)} |",
        "",
        f"- **P{phase}-D2.** {_mention(chance)}",
    ]
    return "\n".join(lines) + "\n"


def _sentence(chance: random.Random) -> str:
    return " ".join(chance.choices(_WORDS, k=chance.randint(2, 6))).capitalize() + "."


def _mention(chance: random.Random) -> str:
    phase, version = chance.randint(1, 4), chance.randint(1, 4)
    return chance.choice(
        (
            f"See CR-2026-00{phase} §{version}.", f"As Phase {phase} CR v0.{version} says.",
            f"P{phase}-D{version} stands.",
            f"phase-0{phase}-cr-billing-v0_{version}.md has it.", "The CR v0.2, §2.", f"See v0.1–v0.{version}.",
            "[one](../../notes/page-v0_1.html) and [plan](../../notes/plan.txt).", "<b>bold</b> & <x>none</x> CR v0.1",
            "§9.9 is not there.", f"P{phase}-D1 (engine repo docs/x.md).", f"<P{phase}-D1> and <CR v0.{version} §2>.",
            "![a plan](../../notes/plan.svg)",
        )
    )  # fmt: skip


def _documents(workshop: Workshop) -> list[Path]:
    return sorted(file for file in workshop.content.rglob("*") if file.suffix in (".md", ".html"))


def _change_text(workshop: Workshop, chance: random.Random) -> None:
    file = chance.choice(_documents(workshop))
    lines = file.read_text("utf-8").split("\n")
    lines[chance.randrange(len(lines))] += f" {_sentence(chance)} {_mention(chance)}"
    file.write_text("\n".join(lines), "utf-8")


def _change_line(workshop: Workshop, chance: random.Random) -> None:
    """A line goes away: a heading, a row, a header."""
    file = chance.choice(_documents(workshop))
    lines = file.read_text("utf-8").split("\n")
    del lines[chance.randrange(len(lines))]
    file.write_text("\n".join(lines), "utf-8")


def _file_version(workshop: Workshop, chance: random.Random) -> None:
    """As ``record file`` does: the newest goes to archive/, the next one takes its place."""
    file = chance.choice([each for each in _documents(workshop) if "-v0_" in each.name and each.suffix == ".md"])
    stem, _, number = file.stem.rpartition("-v0_")
    if file.parent.name == "archive":
        file.with_name(f"{stem}-v0_{int(number) + 5}.md").write_text(_text(1, "cr", 9, chance), "utf-8")
        return
    (file.parent / "archive").mkdir(exist_ok=True)
    text = file.read_text("utf-8")
    file.rename(file.parent / "archive" / file.name)
    file.with_name(f"{stem}-v0_{int(number) + 1}.md").write_text(f"{text}\n{_sentence(chance)}\n", "utf-8")


def _add(workshop: Workshop, chance: random.Random) -> None:
    phase = chance.randint(1, 5)
    name = chance.choice(("amendment-scoping-note", "halt-surface-2026-05-12-step-2b", "cr-amendment-handoff", "memo"))
    workshop.write(f"phases/phase-{phase:02}-billing/phase-{phase:02}-{name}-v0_1.md", _text(phase, name, 1, chance))


def _delete(workshop: Workshop, chance: random.Random) -> None:
    files = _documents(workshop)
    if len(files) > 4:
        chance.choice(files).unlink()


def _rename(workshop: Workshop, chance: random.Random) -> None:
    file = chance.choice(_documents(workshop))
    file.rename(file.with_name(file.name.replace("billing", "ledger") if "billing" in file.name else f"x-{file.name}"))


def _move(workshop: Workshop, chance: random.Random) -> None:
    """Into archive/, or out of it."""
    file = chance.choice(_documents(workshop))
    inside = file.parent.name == "archive"
    target = (file.parent.parent if inside else file.parent / "archive") / file.name
    if not target.exists():
        target.parent.mkdir(exist_ok=True)
        file.rename(target)


def _attach(workshop: Workshop, chance: random.Random) -> None:
    file = workshop.content / "notes/plan.txt"
    if file.exists() and chance.random() < 0.5:
        file.unlink()
    else:
        workshop.write("notes/plan.txt", _sentence(chance))


def _illustrate(workshop: Workshop, chance: random.Random) -> None:
    """An image that texts may show comes or goes."""
    file = workshop.content / "notes/plan.svg"
    if file.exists():
        file.unlink()
    else:
        workshop.write("notes/plan.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>")


def _retitle(workshop: Workshop, chance: random.Random) -> None:
    """The title of a document, a heading or a row of a table says something else, and is found as before."""
    file = chance.choice(_documents(workshop))
    lines = file.read_text("utf-8").split("\n")
    named = [number for number, line in enumerate(lines) if line.startswith(("# ", "## ", "| P"))]
    if named:
        lines[chance.choice(named)] += f" {_sentence(chance)}"
    file.write_text("\n".join(line.replace(" | ", " | Now ", 1) if "| P" in line else line for line in lines), "utf-8")


def _name_phase(workshop: Workshop, chance: random.Random) -> None:
    workshop.write(f"phases/phase-0{chance.randint(1, 3)}-billing/phase.yml", f"title: {_sentence(chance)}\n")


def _go_back(workshop: Workshop, chance: random.Random) -> None:
    """The record as it was some time ago; the site stands as it was built last."""
    earlier = chance.choice(workshop.earlier) if workshop.earlier else held(workshop.content)
    shutil.rmtree(workshop.content)
    for path, data in earlier.items():
        file = workshop.content / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)


def _configure(workshop: Workshop, chance: random.Random) -> None:
    workshop.options = chance.choice(
        (
            {},
            {"places": ["billing repo"]},
            {"kinds": [{"kind": "memo", "pattern": "memo$", "label": "Memo", "words": ["memo"]}]},
            {"identifiers": [{"kind": "rule", "pattern": r"R\d+"}]},
            {"search": True, "origin": "other.example.org"},
        )
    )


def _template(workshop: Workshop, chance: random.Random) -> None:
    name = chance.choice(
        ("record/document.html", "record/compare.html", "record/phase.html", "record/partials/cites.html")
    )
    workshop.templates[name] = f"{workshop.own_templates[name]}\n{{# {chance.random()} #}}{chance.choice('abc')}"


def _theme(workshop: Workshop, chance: random.Random) -> None:
    sheet = f"own-{chance.random()}.css"
    workshop.site_values = replace(workshop.site_values, stylesheets=(sheet,), scheme=chance.choice((None, "slate")))


def _move_phase(workshop: Workshop, chance: random.Random) -> None:
    """A phase gets another number or another name: each file of it lies elsewhere."""
    folder = chance.choice(sorted((workshop.content / "phases").iterdir()))
    target = folder.with_name(chance.choice((f"phase-0{chance.randint(6, 9)}-billing", f"{folder.name}-renewed")))
    if not target.exists():
        folder.rename(target)


def _redate(workshop: Workshop, chance: random.Random) -> None:
    file = chance.choice(_documents(workshop))
    text = file.read_text("utf-8")
    file.write_text(re.sub(r"2026-05-\d\d", f"2026-06-{chance.randint(1, 30):02}", text, count=1), "utf-8")


def _add_twin(workshop: Workshop, chance: random.Random) -> None:
    """The same version in its other form."""
    file = chance.choice([each for each in _documents(workshop) if each.suffix == ".md"])
    title = file.read_text("utf-8").partition("\n")[0]
    file.with_suffix(".html").write_text(f"<!doctype html><title>{title}</title><p>{_mention(chance)}</p>", "utf-8")


def _delete_cited(workshop: Workshop, chance: random.Random) -> None:
    cited = [file for file in _documents(workshop) if "-cr-billing-" in file.name]
    if cited:
        chance.choice(cited).unlink()


def _withdraw(workshop: Workshop, chance: random.Random) -> None:
    """The bytes go; the log keeps path, digest and reason."""
    archived = [file for file in _documents(workshop) if file.parent.name == "archive"]
    if not archived:
        return
    file = chance.choice(archived)
    path, version = file.relative_to(workshop.content).as_posix(), file.stem.rpartition("-v0_")[2]
    number, log = workshop.log.size, workshop.log
    gone = Withdrawal(path, f"0.{version}", sha256(file.read_bytes()).hexdigest(), _sentence(chance), number)
    workshop.log = replace(log, withdrawn=(*log.withdrawn, gone), size=number + 1)
    file.unlink()


EDITS: dict[str, Callable[[Workshop, random.Random], None]] = {
    "text": _change_text,
    "line away": _change_line,
    "new version": _file_version,
    "new document": _add,
    "deleted": _delete,
    "renamed": _rename,
    "moved": _move,
    "attachment": _attach,
    "image": _illustrate,
    "retitled": _retitle,
    "phase named": _name_phase,
    "as it was": _go_back,
    "configuration": _configure,
    "template": _template,
    "theme": _theme,
    "phase moved": _move_phase,
    "another date": _redate,
    "twin": _add_twin,
    "deleted what is cited": _delete_cited,
    "withdrawn": _withdraw,
}
