"""Settings are what MkDocs reads, over any number of files that inherit from each other; bad ones are one line."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from loomworks_record.source.config import ConfigError
from loomworks_record.source.project import load_project, read_settings, settings_files
from mkdocs.utils.yaml import yaml_load

KEYS = st.sampled_from(["site_name", "docs_dir", "plugins", "record", "theme", "extra"])
PLAIN = st.one_of(st.none(), st.booleans(), st.integers(0, 9), st.sampled_from(["", "a", "b"]))
VALUES = st.recursive(
    PLAIN, lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(KEYS, inner, max_size=3)), max_leaves=8
)


def write(folder: Path, files: dict[str, Any]) -> Path:
    """Files of settings below ``folder``; the first one."""
    for name, values in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(values if isinstance(values, str) else yaml.safe_dump(values), "utf-8")
    return folder / next(iter(files))


@given(st.lists(st.dictionaries(KEYS, VALUES, max_size=4), min_size=1, max_size=4))
def test_inherited_settings_are_merged_as_mkdocs_does(chain: list[dict[str, Any]]) -> None:
    names = ["site/mkdocs.yml", "base.yml", "site/shared/third.yml", "last.yml"][: len(chain)]
    paths = ["../base.yml", "site/shared/third.yml", "../../last.yml"][: len(chain) - 1]
    for values, path in zip(chain, paths, strict=False):
        values["INHERIT"] = path
    with tempfile.TemporaryDirectory() as folder:
        file = write(Path(folder), dict(zip(names, chain, strict=True)))
        with file.open("rb") as opened:
            assert read_settings(file) == yaml_load(opened)
        assert settings_files(file) == [Path(folder) / name for name in names]


def test_the_environment_is_asked_as_mkdocs_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECORD_DOCS", "filed")
    text = "docs_dir: !ENV RECORD_DOCS\nsite_dir: !ENV [RECORD_NOWHERE, site]\nsite_url: !ENV RECORD_NOWHERE\n"
    file = write(tmp_path, {"mkdocs.yml": text})
    with file.open("rb") as opened:
        assert read_settings(file) == yaml_load(opened) == {"docs_dir": "filed", "site_dir": "site", "site_url": None}


def test_tags_of_python_are_never_run(tmp_path: Path) -> None:
    text = "a: !!python/name:os.system\nb: !!python/object/apply:os.mkdir [made]\nc: !relative\n"
    assert read_settings(write(tmp_path, {"mkdocs.yml": text})) == {"a": None, "b": None, "c": None}


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"mkdocs.yml": {"INHERIT": "base.yml"}}, "mkdocs.yml: INHERIT: there is no file base.yml; correct the path"),
        ({"mkdocs.yml": {"INHERIT": "."}}, "mkdocs.yml: INHERIT: there is no file .; correct the path"),
        ({"mkdocs.yml": {"INHERIT": ["a"]}}, "mkdocs.yml: INHERIT: expected the path of another file, got list"),
        ({"mkdocs.yml": {"INHERIT": "mkdocs.yml"}}, "mkdocs.yml: INHERIT: mkdocs.yml inherits from this file"),
        (
            {"mkdocs.yml": {"INHERIT": "b.yml"}, "b.yml": {"INHERIT": "c.yml"}, "c.yml": {"INHERIT": "b.yml"}},
            "c.yml: INHERIT: b.yml inherits from this file",
        ),
        ({"mkdocs.yml": {"INHERIT": "b.yml"}, "b.yml": "- a\n"}, "b.yml: expected settings 'key: value', got list"),
        ({"mkdocs.yml": {"INHERIT": "b.yml"}, "b.yml": "a: [\n"}, "b.yml cannot be read: "),
        ({"mkdocs.yml": "a: !ENV {b: c}\n"}, "mkdocs.yml cannot be read: expected a scalar or sequence node"),
    ],
)
def test_bad_settings_are_one_line(tmp_path: Path, files: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError) as wrong:
        read_settings(write(tmp_path, files))
    assert str(wrong.value).startswith(said)
    assert "\n" not in str(wrong.value)


@pytest.mark.parametrize("url", ["https://[::1", "http://\u2100.example.org"])
def test_a_site_url_that_is_not_an_address_is_one_line(tmp_path: Path, url: str) -> None:
    write(tmp_path, {"mkdocs.yml": {"site_url": url}})
    with pytest.raises(ConfigError, match="site_url: expected an https:// address"):
        load_project(tmp_path)
