"""Time of 'record verify' and 'record fresh' on a site of 1,000 documents, beside 'sha256sum' over the same files."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from loomworks_record.bundle.inputs import gather, project_places
from loomworks_record.bundle.log import ArchivedDocument, Log, append_missing
from loomworks_record.bundle.provenance import Inputs
from loomworks_record.bundle.seal import SealSettings, seal
from realistic import write_record

RATIO = 1.0  # the goal: verify takes no longer than sha256sum
FRESH = 1.0  # seconds, the goal for fresh
_FRAME = 9000  # bytes around the text of a page
_PAGE = b"<!doctype html><html lang=en><head><title>A page</title></head><body>%s</body></html>\n"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench verify", description=__doc__)
    parser.add_argument("--documents", type=int, default=1000, help="how many documents (%(default)s)")
    parser.add_argument("--bytes", type=int, default=25_000, help="size of each, about (%(default)s)")
    parser.add_argument("--rounds", type=int, default=9, help="how often each is measured (%(default)s)")
    parser.add_argument("--project", type=Path, help="measure the built site of this project instead")
    return parser.parse_args()


def make_project(root: Path, documents: int, size: int) -> None:
    """A record with what a site holds of each document: filed bytes, page, comparison, search, two small pages."""
    write_record(root / "content", documents, size)
    (root / "mkdocs.yml").write_text("plugins: [record]\n")
    site = root / "site"
    inputs = gather(project_places(root, root / "content"), builder={})
    for path in inputs.sources:
        data = (root / "content" / path).read_bytes()
        pages = {f"raw/{path}": data, f"view/{path}.html": _PAGE % (data + data[:_FRAME])}
        if "/archive/" in path:
            pages[f"compare/{path}.html"] = _PAGE % (data * 2)
        else:
            pages |= {f"{kind}/{path}.html": _PAGE % data[:_FRAME] for kind in ("history", "latest")}
        pages[f"pagefind/fragment/{path.replace('/', '_')}.pf_fragment"] = data[: len(data) // 3]
        for name, body in pages.items():
            (site / name).parent.mkdir(parents=True, exist_ok=True)
            (site / name).write_bytes(body)
    for name in ("index.html", "404.html"):
        (site / name).write_bytes(_PAGE % b"")
    log = bytes(append_missing(Log(), archived(inputs, root)))
    (root / "record.log.jsonl").write_bytes(log)
    seal(site, log=log, inputs=inputs, settings=SealSettings("record.example.org"), issued=int(time.time()))


def archived(inputs: Inputs, root: Path) -> list[ArchivedDocument]:
    return [
        ArchivedDocument(path, None, None, digest, (root / "content" / path).stat().st_size)
        for path, digest in inputs.sources.items()
        if "/archive/" in path
    ]


def seconds(command: list[str], cwd: Path, stdin: bytes = b"") -> float:
    """How long a command takes, its start included; ends the run where it fails."""
    start = time.perf_counter()
    finished = subprocess.run(command, cwd=cwd, input=stdin, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    taken = time.perf_counter() - start
    if finished.returncode != 0:
        sys.exit(f"{' '.join(command)} ended with exit code {finished.returncode}: {finished.stderr.decode()}")
    return taken


def measure(root: Path, rounds: int) -> bool:
    """Measure in turns, so that what else the machine does falls on all; whether both goals are met."""
    files = sorted(str(file.relative_to(root)) for file in (root / "site").rglob("*") if file.is_file())
    total = sum((root / file).stat().st_size for file in files)
    print(f"{len(files):,} files, {total / 1e6:.1f} MB, {rounds} rounds, medians")
    record = str(Path(sys.executable).with_name("record"))
    names = "\0".join(files).encode()
    hashing, verifying, comparing = [], [], []
    for _ in range(rounds):
        hashing.append(seconds(["xargs", "-0", "sha256sum"], root, names))
        verifying.append(seconds([record, "verify", "site"], root))
        comparing.append(seconds([record, "fresh", "--site", "site"], root))
    ratios = [one / other for one, other in zip(verifying, hashing, strict=True)]
    print(f"sha256sum      {median(hashing):.3f} s")
    print(f"record verify  {median(verifying):.3f} s   ratio {median(ratios):.2f}, goal {RATIO:.2f}")
    print(f"record fresh   {median(comparing):.3f} s   goal {FRESH:.2f} s")
    return median(ratios) <= RATIO and median(comparing) < FRESH


def main() -> None:
    options = arguments()
    with tempfile.TemporaryDirectory(prefix="record-bench-") as temporary:
        root = options.project or Path(temporary)
        if options.project is None:
            make_project(root, options.documents, options.bytes)
        if not measure(root.resolve(), options.rounds):
            sys.exit("a goal was missed")


if __name__ == "__main__":
    main()
