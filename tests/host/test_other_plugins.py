"""Other plugins beside the record: what they write is sealed, and those that can do nothing are named."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from pathlib import Path

import pytest
from loomworks_record.bundle.checks import Expectations
from loomworks_record.bundle.statements import parse_stamp
from loomworks_record.bundle.verify import verify_directory
from loomworks_record.host.other_plugins import without_effect
from mkdocs.plugins import BasePlugin, PluginCollection
from support import site
from support.site import Build

CONTENT = {"a-v0_1.md": "# A\n"}
RECORD = {"record": {"search": False}}
MATERIAL = {"theme": {"name": "material"}}  # the plugins are its own
LATE = """
from pathlib import Path
from mkdocs.plugins import event_priority

@event_priority({priority})
def on_post_build(config):
    global site
    site = Path(config.site_dir)
    {then}

@event_priority({priority})
def on_shutdown():
    {when_over}
"""
WRITE = '(site / "late.txt").write_text("written at the very end")'


@pytest.mark.parametrize("plugins", list(permutations([RECORD, "search", "offline"])), ids=str)
def test_what_another_plugin_writes_last_is_sealed(
    build_site: Callable[..., Build], plugins: tuple[object, ...]
) -> None:
    built = build_site(CONTENT, config={**MATERIAL, "plugins": list(plugins)})
    assert built.status == 0, built.output
    now = parse_stamp((built.site / "integrity/stamp.json").read_bytes()).sequence
    assert not verify_directory(built.site, Expectations(now)).faults


@pytest.mark.parametrize("priority", ["-100", "float('-inf')"])
@pytest.mark.parametrize(("then", "when_over"), [(WRITE, "pass"), ("pass", WRITE)], ids=["built", "over"])
def test_what_a_hook_writes_last_is_sealed(
    build_site: Callable[..., Build], tmp_path: Path, priority: str, then: str, when_over: str
) -> None:
    hook = tmp_path / "late.py"
    hook.write_text(LATE.format(priority=priority, then=then, when_over=when_over))
    built = build_site(CONTENT, config={"plugins": [RECORD], "hooks": [str(hook)]})
    assert built.status == 0, built.output
    assert "late.txt" in built.text("integrity/manifest-sha256.txt")
    now = parse_stamp((built.site / "integrity/stamp.json").read_bytes()).sequence
    assert not verify_directory(built.site, Expectations(now)).faults


def test_plugins_without_effect_are_named_in_one_line(build_site: Callable[..., Build]) -> None:
    built = build_site(CONTENT, config={**MATERIAL, "plugins": ["tags", RECORD, "search"]}, strict=True)
    assert built.status == 0
    said = [line for line in built.output.splitlines() if "without effect" in line]
    assert len(said) == 1 and said[0].endswith("pages of the record: material/tags, material/search")


def test_a_plugin_that_writes_into_docs_dir_is_told(build_site: Callable[..., Build]) -> None:
    config = {**MATERIAL, "plugins": [RECORD, "blog"]}
    assert "'blog/index.md' was written into docs_dir by another plugin" in build_site(CONTENT, config=config).output
    assert build_site(CONTENT, config=config, strict=True).status == 1


class OfPages(BasePlugin):
    def on_post_page(self, output, page, config):
        return output


class OfSite(BasePlugin):
    def on_post_build(self, config):
        return None


def test_a_check_that_sees_no_page_is_known_as_one() -> None:
    plugins = PluginCollection()
    for name, plugin in [("htmlproofer", OfPages()), ("minify", OfPages()), ("rss", OfSite()), ("record", OfPages())]:
        plugins[name] = plugin
    assert list(without_effect(plugins)) == [("htmlproofer", True), ("minify", False)]


LISTED = """
from pathlib import Path

def on_files(files, config):
    Path({seen!r}).write_text("\\n".join(file.src_uri for file in files if file.src_dir == config.docs_dir))
"""


@pytest.mark.parametrize("linked", [False, True])
def test_no_host_follows_a_link_to_a_folder(tmp_path: Path, linked: bool) -> None:
    folder, seen = tmp_path / "project", tmp_path / "seen"
    (tmp_path / "hook.py").write_text(LISTED.format(seen=str(seen)))
    config = {"plugins": [RECORD], "hooks": [str(tmp_path / "hook.py")]}
    site.write_project({"one/a-v0_1.md": "# A\n"}, folder, config=config)
    (tmp_path / "besides").mkdir()
    (tmp_path / "besides/b-v0_1.md").write_text("# B\n")
    if linked:
        (folder / "content/one/besides").symlink_to(tmp_path / "besides")
    status, output = site.mkdocs(folder, "build", "--quiet")
    assert (status, "file-not-regular" in output) == (0, linked)
    assert "/b-v0_1.md" not in seen.read_text()
    assert bool(seen.read_text()) is not linked, "MkDocs lists what the record holds, unless it would list more"
    if linked:
        status, output = site.mkdocs(folder, "serve", "--quiet", "--dev-addr", "127.0.0.1:0")
        assert status == 2
        assert "Error: 'one/besides' is a link to a folder" in output
