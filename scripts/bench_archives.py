"""How rightly an archive is read: its documents beside a table of what is true of them.

``python scripts/bench_archives.py FOLDER TRUTH`` prints the figures; TRUTH holds one JSON object a line, with ``path``
and what is known of it: ``version`` (text without v, or null), ``chain`` (an id: documents of one chain have the same),
``standing``, ``date`` (ISO), ``title``, and ``says``: true where its own header says that it is not in force.
With ``--adopt`` the rows are used that ``record adopt`` proposes; ``--config`` takes options of one's own.
``python scripts/bench_archives.py --names FILE`` prints those of a list of file names that are read with a version.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from loomworks_record.adoption.adopt import adopt
from loomworks_record.record.record import Record
from loomworks_record.source.config import parse_config
from loomworks_record.source.document import Document
from loomworks_record.source.names import parse_name
from loomworks_record.source.project import Project
from loomworks_record.source.store import read_content

_OF_STANDING = ("status-", "supersession-", "superseded-", "older-outside-", "newest-in-")
_SHOWN = 15  # wrong facts of each sort that --wrong prints


def read(folder: Path, config_file: Path | None, *, adopted: bool = False) -> Record:
    options = json.loads(config_file.read_text("utf-8")) if config_file else {}
    if adopted:
        project = Project(folder.parent, folder, folder, "", parse_config(options), is_own_content=False)
        options = adopt(project, options).options
    config = parse_config(options)
    return Record(config, read_content(folder, config.kinds, notation=config.notation))


def facts(record: Record, document: Document) -> dict[str, Any]:
    return {
        "version": str(document.version) if document.version else None,
        "standing": record.standing(document),
        "date": document.date.isoformat() if document.date else None,
        "title": document.title,
    }


def chains_right(record: Record, truth: dict[str, dict[str, Any]]) -> set[str]:
    """The paths whose chain holds the same documents as in truth."""
    true: dict[str, set[str]] = defaultdict(set)
    for path, row in truth.items():
        if row.get("chain"):
            true[row["chain"]].add(path)
    return {
        path for path, row in truth.items()
        if row.get("chain") and path in record.by_path
        and {other.path for other in record.chain(record.by_path[path]).versions} & set(truth) == true[row["chain"]]
    }  # fmt: skip


def figures(record: Record, truth: dict[str, dict[str, Any]], wrong: bool) -> Iterator[str]:
    right, asked, missed = Counter[str](), Counter[str](), defaultdict[str, list[str]](list)
    chains = chains_right(record, truth)
    told = {problem.path for problem in record.problems if problem.code.startswith(_OF_STANDING)}
    versioned = Counter[bool]()
    for path, row in truth.items():
        document = record.by_path.get(path)
        read_facts = facts(record, document) if document else {}
        for key in ("version", "standing", "date", "title"):
            if key in row:
                asked[key] += 1
                right[key] += (same := read_facts.get(key) == row[key])
                if not same:
                    missed[key].append(f"{path}: {read_facts.get(key)!r}, not {row[key]!r}")
        if row.get("version"):
            whole = path in chains and all(read_facts.get(key) == row[key] for key in ("version", "standing"))
            versioned[whole] += 1
        if row.get("says"):
            asked["says"] += 1
            right["says"] += (same := read_facts.get("standing") == "archived" or path in told)
            if not same:
                missed["says"].append(path)
    yield f"{len(record.documents):,} documents"
    yield f"version, chain and standing: {versioned[True]:,} of {versioned.total():,}"
    yield from (f"{key}: {right[key]:,} of {asked[key]:,}" for key in asked)
    counted = Counter(problem.code for problem in record.problems)
    share = 100 * counted.total() / max(1, len(record.documents))
    yield f"problems for 100 documents: {share:.1f}; {dict(counted.most_common())}"
    for key, places in missed.items() if wrong else ():
        yield from (f"  {key}: {place}" for place in places[:_SHOWN])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("truth", type=Path, nargs="?")
    parser.add_argument("--config", type=Path, help="options of the record, as JSON")
    parser.add_argument("--adopt", action="store_true", help="with the rows that record adopt proposes")
    parser.add_argument("--wrong", action="store_true", help="print what is wrong")
    parser.add_argument("--names", type=Path, help="a list of file names, one a line")
    given = parser.parse_args()
    if given.names:
        names = given.names.read_text("utf-8").splitlines()
        found = [name for name in names if parse_name(name).version is not None]
        print(f"{len(found):,} of {len(names):,} names are read with a version", *found, sep="\n  ")
        return
    if given.folder is None or given.truth is None:
        parser.error("expected FOLDER and TRUTH, or --names FILE")
    rows = [json.loads(line) for line in given.truth.read_text("utf-8").splitlines() if line.strip()]
    truth = {row["path"]: row for row in rows}
    print(*figures(read(given.folder, given.config, adopted=given.adopt), truth, given.wrong), sep="\n")


if __name__ == "__main__":
    main()
