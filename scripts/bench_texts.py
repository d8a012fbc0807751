"""Processor time for the texts of a project's larger documents: reading them and rendering them, for 25 kB."""

from __future__ import annotations

import argparse
import gc
import importlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

UNIT = 25_000  # bytes
# Where what is measured stood in earlier versions.
_EARLIER = {
    "loomworks_record.text.reading": "loomworks_record.record.citations.reading",
}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench texts", description=__doc__)
    parser.add_argument("project", nargs="?", type=Path, default=Path(), help="the folder of mkdocs.yml (%(default)s)")
    parser.add_argument("--documents", type=int, default=22, help="how many, the largest first (%(default)s)")
    parser.add_argument("--rounds", type=int, default=9, help="how often each is measured (%(default)s)")
    parser.add_argument("--beside", type=Path, metavar="PYTHON", help="the Python of another version, by turns")
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def of(module: str) -> Any:
    """A module of this version or, where it has another place there, of an earlier one."""
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError:
        return importlib.import_module(_EARLIER[module])


def whole_of(project: Any) -> Any:
    try:
        return importlib.import_module("loomworks_record.opening.open_record").open_record(project).whole
    except ModuleNotFoundError:
        content = of("loomworks_record.source.store").read_content(project.content_dir, project.config.kinds)
        record = of("loomworks_record.record.record").Record(project.config, content)
        return of("loomworks_record.record.whole").Whole(record)


def measure(folder: Path, documents: int, rounds: int) -> dict[str, float]:
    """Milliseconds for 25 kB, the best of all rounds: reading (sections, mentions, sentences), and rendering."""
    os.chdir(folder)
    whole = whole_of(of("loomworks_record.source.project").load_project(Path.cwd(), None))
    texts, reading = of("loomworks_record.pages.texts"), of("loomworks_record.text.reading")
    batch, render = of("loomworks_record.record.citations.read_batch"), of("loomworks_record.render.text")
    held = sorted((each for each in whole.record.documents if each.form == "md"), key=lambda each: -len(each.text))
    chosen = held[:documents]
    grammar = whole.citations._readings.grammar
    subjects = grammar.scanner.phrases._subjects
    jobs = [texts.text_job(whole, document) for document in chosen]

    def read() -> None:
        for document in chosen:
            flats = reading.flats(document)
            if hasattr(reading, "read_texts"):
                found = reading.read_texts(document, flats, grammar, whole.record.config.kinds)
            else:
                found, _ = batch.read_document_texts(document, flats, whole.record.config, grammar, subjects)
            reading.sentences_of(flats, found.passages)

    def shape() -> None:
        """What an earlier version found out of a text once more, before it was rendered."""
        if hasattr(texts, "text_shape"):
            takes = texts.text_shape.__code__.co_argcount
            for document in chosen:
                texts.text_shape(*(whole, document)[2 - takes :])

    def rendered() -> None:
        shape()
        for job in jobs:
            render.render_text(job)

    size = sum(len(document.text.encode()) for document in chosen)
    return {"reading": _best(read, rounds) * UNIT / size, "rendering": _best(rendered, rounds) * UNIT / size}


def _best(work: Callable[[], None], rounds: int) -> float:
    found = []
    for _ in range(rounds + 1):
        gc.collect()
        started = time.process_time()
        work()
        found.append(time.process_time() - started)
    return 1000 * min(found[1:])


def main() -> None:
    options = arguments()
    if options.measure:
        print(json.dumps(measure(options.project, options.documents, options.rounds)))
        return
    pythons = {"here": Path(sys.executable)} | ({"beside": options.beside} if options.beside else {})
    found: dict[str, list[dict[str, float]]] = {name: [] for name in pythons}
    for _ in range(3):
        for name, python in pythons.items():
            command = [str(python), __file__, str(options.project.resolve()), "--measure"]
            command += ["--documents", str(options.documents), "--rounds", str(options.rounds)]
            run = subprocess.run(command, stdout=subprocess.PIPE, check=True)
            found[name].append(json.loads(run.stdout))
    sums = {name: median(sum(each.values()) for each in runs) for name, runs in found.items()}
    for name, runs in found.items():
        parts = ", ".join(f"{part} {median(each[part] for each in runs):.1f} ms" for part in runs[0])
        print(f"{name:8} {sums[name]:5.1f} ms for 25 kB ({parts})")
    if options.beside:
        print(f"here / beside {sums['here'] / sums['beside']:.2f}")


if __name__ == "__main__":
    main()
