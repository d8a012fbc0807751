"""Content hashes in the names of assets: every reference is rewritten, nothing else is touched."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
import sealed
from hypothesis import given
from hypothesis import strategies as st
from loomworks_record.bundle.assets import hash_assets, hashed_name, rewrite
from loomworks_record.bundle.faults import ContentError
from loomworks_record.bundle.hashed import asset_faults, hashed_assets

RENAMED = {
    "assets/record/a.css": "assets/record/a.0123456789.css",
    "assets/record/größe.svg": "assets/record/größe.9876543210.svg",
}
NEW = "a.0123456789.css"
SVG = "gr%C3%B6%C3%9Fe.9876543210.svg"

REWRITTEN = [
    ("index.html", '<link href="assets/record/a.css">', f'<link href="assets/record/{NEW}">'),
    ("index.html", "<link href='./assets/record/a.css?x=1#y'>", f"<link href='./assets/record/{NEW}?x=1#y'>"),
    ("index.html", "<link rel=stylesheet href=assets/record/a.css>", f"<link rel=stylesheet href=assets/record/{NEW}>"),
    ("404.html", '<link href="/assets/record/a.css">', f'<link href="/assets/record/{NEW}">'),
    ("view/p/x.html", '<img src="../../assets/record/größe.svg">', f'<img src="../../assets/record/{SVG}">'),
    ("view/p/x.html", '<img src="../../assets/record/gr%C3%B6%C3%9Fe.svg">', f'<img src="../../assets/record/{SVG}">'),
    ("index.html", '<a title="a>b" href="assets/record/a.css">', f'<a title="a>b" href="assets/record/{NEW}">'),
    ("index.html", '<p data-style="assets/record/a.css" class=x>', f'<p data-style="assets/record/{NEW}" class=x>'),
    ("assets/x.css", '@import "record/a.css";', f'@import "record/{NEW}";'),
    ("assets/record/x.css", "b{background:url( 'größe.svg' )}", f"b{{background:url( '{SVG}' )}}"),
    ("assets/record/x.css", "b{background:url(./größe.svg#i)}", f"b{{background:url(./{SVG}#i)}}"),
    ("assets/x.js", 'import "./record/a.css";', f'import "./record/{NEW}";'),
    ("assets/x.mjs", "await import('./record/a.css')", f"await import('./record/{NEW}')"),
    ("assets/x.js", "new URL(`./record/a.css`, import.meta.url)", f"new URL(`./record/{NEW}`, import.meta.url)"),
]  # fmt: skip

LEFT_ALONE = [
    ("index.html", '<a href="https://example.org/assets/record/a.css">'),
    ("index.html", '<a href="//example.org/assets/record/a.css">'),
    ("index.html", '<a href="mailto:assets/record/a.css">'),
    ("index.html", '<a href="../assets/record/b/a.css">'),
    ("view/x.html", '<a href="assets/record/a.css">'),
    ("index.html", "<p>assets/record/a.css</p><code>href=\"assets/record/a.css\"</code>"),
    ("index.html", '<a href="assets/record/a.css.bak">'),
    ("index.html", '<a href="">assets/record/a.css'),
    ("assets/x.js", 'const name = "assets/record/a.css";'),
    ("notes.txt", '<link href="assets/record/a.css">'),
    ("assets/x.css", "/* record/a.css */"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "before", "after"), REWRITTEN)
def test_a_reference_is_rewritten(path: str, before: str, after: str) -> None:
    assert rewrite(path, before.encode(), RENAMED).decode() == after


@pytest.mark.parametrize(("path", "text"), LEFT_ALONE)
def test_what_is_no_reference_is_left_alone(path: str, text: str) -> None:
    assert rewrite(path, text.encode(), RENAMED).decode() == text


@given(st.binary(max_size=200), st.sampled_from(["x.html", "x.css", "x.js", "x.bin"]))
def test_other_bytes_stay_as_they_are(data: bytes, path: str) -> None:
    assert rewrite(path, data + b" a.css ", RENAMED) == data + b" a.css "


def test_a_whole_site(tmp_path: Path) -> None:
    filed = b'<link href="../assets/record/a.css">'
    files = {
        "index.html": b'<link href="assets/record/a.css"><script src="assets/record/m.js"></script>',
        "raw/filed.html": filed,
        "assets/record/a.css": b'@import "b.css"; i{background:url(i.svg)}',
        "assets/record/b.css": b"b{}",
        "assets/record/i.svg": b"<svg/>",
        "assets/record/m.js": b'import "./n.js";',
        "assets/record/n.js": b"export {}",
        "assets/theme.css": b'@import "record/b.css";',
        "pagefind/pagefind.js": b"1",
    }
    for path, data in files.items():
        sealed.write(tmp_path / path, data)
    renamed = hash_assets(tmp_path, ["assets/record/*"])
    assert sorted(renamed) == [path for path in sorted(files) if path.startswith("assets/record/")]
    digests = sealed.tree(tmp_path)
    assert hashed_assets(digests) == sorted(renamed.values())
    assert not list(asset_faults(digests, renamed.values()))
    assert (tmp_path / "raw/filed.html").read_bytes() == filed
    assert (
        Path(renamed["assets/record/b.css"]).name.encode() in (tmp_path / renamed["assets/record/a.css"]).read_bytes()
    )
    assert Path(renamed["assets/record/n.js"]).name.encode() in (tmp_path / renamed["assets/record/m.js"]).read_bytes()
    assert Path(renamed["assets/record/b.css"]).name.encode() in (tmp_path / "assets/theme.css").read_bytes()
    assert renamed["assets/record/a.css"] in (tmp_path / "index.html").read_text()
    assert {"pagefind/pagefind.js", "assets/theme.css", "index.html"} <= digests.keys()
    assert hash_assets(tmp_path, ["assets/record/*"]) == {}  # done once is done
    name = hashed_name("assets/record/b.css", b"b{}")
    assert name == f"assets/record/b.{hashlib.sha256(b'b{}').hexdigest()[:10]}.css" == renamed["assets/record/b.css"]


def test_assets_in_a_circle_are_refused(tmp_path: Path) -> None:
    sealed.write(tmp_path / "assets/a.js", b'import "./b.js"')
    sealed.write(tmp_path / "assets/b.js", b'import "./a.js"')
    with pytest.raises(ContentError, match="circle"):
        hash_assets(tmp_path, ["assets/*"])
