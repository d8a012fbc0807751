"""Files that hosts and others look for at the root of a site reach it, and the manifest; documents never do."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from loomworks_record.bundle.manifest import parse_manifest
from loomworks_record.errors import RecordError
from loomworks_record.source.config import parse_config
from loomworks_record.source.publishable import is_root_file
from support.site import Build

SEARCHLESS = {"record": {"search": False, "root_files": ["keybase.txt"]}}
AT_THE_ROOT = {
    "CNAME": "record.example.org\n",
    "robots.txt": "User-agent: *\nAllow: /\n",
    "favicon.ico": b"\x00\x00\x01\x00",
    ".well-known/security.txt": "Contact: mailto:a@example.org\n",
    ".well-known/acme/challenge": "x",
    "google0123456789abcdef.html": "google-site-verification: google0123456789abcdef.html",
    "keybase.txt": "of the user's table",
}
ELSEWHERE = {"a-v0_1.md": "# A\n", "notes/robots.txt": "filed", "ours.txt": "filed", "googles-answer-v0_1.html": "<p>A"}


def test_they_reach_the_root_and_the_manifest(build_site: Callable[..., Build]) -> None:
    built = build_site({**AT_THE_ROOT, **ELSEWHERE}, config={"plugins": [SEARCHLESS]}, strict=True)
    assert built.status == 0, built.output
    listed = parse_manifest((built.site / "integrity/manifest-sha256.txt").read_bytes(), name="").digests
    for path, text in AT_THE_ROOT.items():
        assert (built.site / path).read_bytes() == (text if isinstance(text, bytes) else text.encode())
        assert path in listed and f"raw/{path}" in listed
        assert f"view/{path}.html" not in listed
    assert not {"notes/robots.txt", "ours.txt", "googles-answer-v0_1.html"} & listed.keys()
    assert "view/googles-answer-v0_1.html.html" in listed


@pytest.mark.parametrize(
    ("path", "is_one"),
    [
        ("CNAME", True),
        ("cname", False),
        ("archive/CNAME", False),
        (".well-known/a/b", True),
        ("yandex_0123456789abcdef.html", True),
        ("google-v0_1.html", False),
        ("googled.html", True),
        ("README.md", False),
    ],
)
def test_which_they_are(path: str, is_one: bool) -> None:
    assert is_root_file(path) is is_one


@pytest.mark.parametrize(
    ("pattern", "words"),
    [("view/x", "at the top of docs_dir"), ("*.html", "take in index.html"), ("llms.txt", "take in llms.txt")],
)
def test_a_pattern_that_cannot_be_is_refused(pattern: str, words: str) -> None:
    with pytest.raises(RecordError, match=words):
        parse_config({"root_files": [pattern]})
