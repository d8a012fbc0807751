"""``record fresh``: was this bundle built from these sources?"""

from __future__ import annotations

import time
from pathlib import Path

import click

from loomworks_record.bundle.faults import CheckError, Fault, Unreachable, report
from loomworks_record.bundle.inputs import freshness_faults, gather, project_places, read_built
from loomworks_record.bundle.log_file import read_log_bytes
from loomworks_record.bundle.statements import utc
from loomworks_record.cli.reports import show
from loomworks_record.source.project import load_project


@click.command("fresh")
@click.option("--site", metavar="DIR|URL", help="The bundle. Default: site_dir of the nearest mkdocs.yml.")
@click.option("--content", type=click.Path(path_type=Path), metavar="DIR", help="The folder of documents.")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON on stdout.")
def fresh(site: str | None, content: Path | None, as_json: bool) -> None:
    """Compare a bundle with the sources here: documents, configuration, templates, lock file and log.

    Bytes are compared, never times. Whether the bundle itself is whole is what `record verify` answers.

    \b
    Example:
      record fresh --site https://record.example.org
      record fresh --site site --json

    \b
    Exit status: 0 fresh; 2 usage; 6 could not check; 7 sources and bundle differ (each difference is printed).
    """
    project = load_project(Path.cwd(), content)
    inputs = gather(project_places(project.root, project.content_dir), builder={}, compare=False)
    try:
        built = read_built(site or str(project.site_dir))
    except (CheckError, Unreachable) as wrong:
        reason = "unreachable" if isinstance(wrong, Unreachable) else "bundle-inconsistent"
        show(report([Fault(reason, "", str(wrong))]), as_json=as_json, ok="")
    faults = freshness_faults(built, inputs, read_log_bytes(project.log_file))
    notes = []
    if built.provenance.commit != inputs.commit:
        notes.append(f"built from commit {built.provenance.commit}, checked out is {inputs.commit}")
    if time.time() >= built.stamp.expires:
        notes.append(f"the stamp expired {utc(built.stamp.expires)}; `record stamp` issues a new one")
    count = len(inputs.sources)
    show(
        report(faults, notes),
        as_json=as_json,
        ok=f"fresh: {count:,} source files, stamp of {utc(built.stamp.sequence)}",
    )
