"""A project with templates and files of its own, built with a relative ``--config-file``, as other hosts ask for."""

from __future__ import annotations

from pathlib import Path

from support.site import PROJECT, mkdocs, write_content

CONFIG = """\
site_name: A record
docs_dir: content
theme:
  name: material
  custom_dir: overrides
plugins:
  - record:
      search: false
"""


def test_files_of_custom_dir_are_published_and_templates_are_not(tmp_path: Path) -> None:
    picture = (PROJECT / "overrides/assets/record/mark.svg").read_bytes()
    write_content(
        {
            "mkdocs.yml": CONFIG,
            "content/notes/note-v0_1.md": "# A note\n\nIts text.\n",
            "overrides/pictures/our-mark.svg": picture,
            "overrides/record/partials/picture.svg": picture,
        },
        tmp_path,
    )
    status, said = mkdocs(tmp_path, "build", "--quiet", "--config-file", "mkdocs.yml")
    assert status == 0, said
    assert (tmp_path / "site/pictures/our-mark.svg").read_bytes() == picture
    assert list((tmp_path / "site/assets/record").glob("record.*.css"))
    assert not (tmp_path / "site/record").exists()
