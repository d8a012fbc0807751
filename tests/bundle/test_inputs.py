"""What a bundle was built from: the commit that git has, and whether the parts of the project differ from it."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from bundle import sealed
from loomworks_record.bundle.inputs import LOG_NAME, digest_sources, gather, project_places
from loomworks_record.bundle.provenance import Inputs
from loomworks_record.source.store import UnreadableError, read_content

Git = Callable[..., str]


@pytest.fixture
def project(tmp_path: Path) -> sealed.Project:
    return sealed.make_project(tmp_path / "repository/project", phases=1)


@pytest.fixture
def use_git(git: str, project: sealed.Project) -> Git:
    """Git in the folder above the project, where everything has been committed."""

    def run(*arguments: str) -> str:
        who = ("-c", "user.name=a", "-c", "user.email=a@example.org")
        command = [git, "-C", str(project.root.parent), *who, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    run("init", "--quiet")
    run("add", "--all")
    run("commit", "--quiet", "--message", "Begin")
    return run


def inputs(project: sealed.Project) -> Inputs:
    return gather(project_places(project.root, project.content), {})


def test_without_git_there_is_no_commit(project: sealed.Project) -> None:
    assert (inputs(project).commit, inputs(project).modified) == (None, False)


@pytest.mark.parametrize(
    ("file", "counts"),
    [
        ("content/README.md", True),
        ("content/new-v0_1.md", True),
        ("mkdocs.yml", True),
        ("overrides/main.html", True),
        ("requirements.txt", True),
        (LOG_NAME, True),
        ("site/index.html", False),
        ("notes.txt", False),
    ],
)
def test_a_change_of_a_part_makes_it_modified(project: sealed.Project, use_git: Git, file: str, counts: bool) -> None:
    assert (inputs(project).commit, inputs(project).modified) == (use_git("rev-parse", "HEAD"), False)
    (project.root / file).parent.mkdir(exist_ok=True)
    with (project.root / file).open("ab") as changed:
        changed.write(b"\n")
    assert inputs(project).modified == counts


def test_a_commit_has_the_files_that_it_names_and_not_those_that_replace_them(
    project: sealed.Project, use_git: Git
) -> None:
    """``git replace`` gives another commit the id of one, in this copy and no other."""
    sealed.write(project.root / "mkdocs.yml", (project.root / "mkdocs.yml").read_bytes() + b"# more\n")
    use_git("commit", "--quiet", "--all", "--message", "More", "--date", "2026-05-12T00:00:00Z")
    before = inputs(project)
    assert not before.modified
    use_git("replace", "HEAD", "HEAD~1")
    assert "# more" not in use_git("show", "HEAD:project/mkdocs.yml")
    assert inputs(project) == before


def test_a_change_of_what_the_configuration_inherits_counts(project: sealed.Project, use_git: Git) -> None:
    sealed.write(project.root / "mkdocs.yml", b"INHERIT: shared/base.yml\n")
    sealed.write(project.root / "shared/base.yml", b"site_name: A record\n")
    use_git("add", "--all")
    use_git("commit", "--quiet", "--message", "Inherit")
    before = inputs(project)
    assert not before.modified
    sealed.write(project.root / "shared/base.yml", b"site_name: Another record\n")
    after = inputs(project)
    assert after.modified
    assert before.parts["configuration"] != after.parts["configuration"]


def hostile(repository: Path, ran: Path) -> dict[str, str]:
    """Settings of a repository that have git run a program, each by its key."""
    program = repository.parent / "program"
    program.write_text(f"#!/bin/sh\ntouch '{ran}'\ncat\n", "utf-8")
    program.chmod(0o755)
    return {
        "core.fsmonitor": str(program),
        "filter.x.clean": str(program),
        "filter.x.process": str(program),
        "gpg.program": str(program),
        "core.pager": str(program),
        "diff.external": str(program),
        "core.sshCommand": str(program),
        "remote.origin.uploadpack": str(program),
    }


def test_nothing_that_a_repository_names_is_run(project: sealed.Project, use_git: Git) -> None:
    repository = project.root.parent
    ran = repository.parent / "ran"
    for key, program in hostile(repository, ran).items():
        use_git("config", key, program)
    use_git("config", "log.showSignature", "true")
    use_git("config", "remote.origin.promisor", "true")
    use_git("config", "remote.origin.url", str(repository))
    sealed.write(repository / ".gitattributes", b"* filter=x\n")
    hook = repository / ".git/hooks/post-index-change"
    hook.write_text(f"#!/bin/sh\ntouch '{ran}'\n", "utf-8")
    hook.chmod(0o755)
    for file in project.content.rglob("*.md"):
        file.touch()
    assert inputs(project).commit == use_git("rev-parse", "HEAD")
    assert not inputs(project).modified
    assert not ran.exists()


@pytest.mark.parametrize("setting", [("log.showSignature", "true"), ("log.date", "iso"), ("color.ui", "always")])
def test_how_somebody_wants_to_see_the_log_changes_nothing(
    project: sealed.Project, use_git: Git, setting: tuple[str, str]
) -> None:
    before = inputs(project)
    use_git("config", *setting)
    assert inputs(project) == before
    assert before.commit


def test_what_git_lfs_holds_elsewhere_is_as_committed(project: sealed.Project, use_git: Git) -> None:
    picture = project.content / "picture.png"
    data = b"a picture\n"
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{hashlib.sha256(data).hexdigest()}\nsize 10\n"
    sealed.write(picture, pointer.encode())
    use_git("add", "--all")
    use_git("commit", "--quiet", "--message", "A picture")
    sealed.write(picture, data)
    assert not inputs(project).modified
    sealed.write(picture, data + b"!")
    assert inputs(project).modified


def test_what_is_gone_or_hidden(project: sealed.Project, use_git: Git) -> None:
    sealed.write(project.content / ".notes/x.md", b"hidden")
    assert not inputs(project).modified
    (project.content / "README.md").unlink()
    assert inputs(project).modified


def test_a_build_reads_what_fresh_reads(tmp_path: Path) -> None:
    """The same files under the same paths, whatever names they have."""
    content = tmp_path / "content"
    for name in (
        "a-v0_1.md", "e\u0301-v0_1.md", "\u00e9-v0_1.md", ".hidden", "x/.y/z.md", "a\\b.md",
        "n" * 201 + ".md", "tab\t.md",
        "\u0085.md", "e\u0301/b.md", "\u00e9/b.md", "picture.png", f"{'d/' * 100}deep.md", f"{'d/' * 101}deeper.md",
    ):  # fmt: skip
        sealed.write(content / name, name.encode())
    sealed.write(Path(os.fsdecode(os.fsencode(content) + b"/\xff-v0_1.md")), b"no name")
    (content / "link.md").symlink_to(content / "a-v0_1.md")
    (content / "folder").symlink_to(content / "x")
    read = read_content(content)
    found = {document.path: document.sha256 for document in read.documents}
    found |= {each.path: hashlib.sha256(each.read()).hexdigest() for each in read.attachments}
    assert found == digest_sources(content)
    assert len(found) > 5


@pytest.mark.parametrize("what", ["link to a file", "link to a folder", "pipe", "gone"])
def test_nothing_is_read_through_a_link_that_came_meanwhile(tmp_path: Path, what: str) -> None:
    content, outside = tmp_path / "content", tmp_path / "outside"
    sealed.write(content / "pictures/a.png", b"a picture")
    sealed.write(outside / "a.png", b"a secret")
    (attachment,) = read_content(content).attachments
    assert attachment.read() == b"a picture"
    if what == "link to a folder":
        (content / "pictures").rename(tmp_path / "elsewhere")
        (content / "pictures").symlink_to(outside)
    else:
        (content / "pictures/a.png").unlink()
    if what == "link to a file":
        (content / "pictures/a.png").symlink_to(outside / "a.png")
    elif what == "pipe":
        os.mkfifo(content / "pictures/a.png")
    with pytest.raises(UnreadableError, match=r"pictures/a\.png: .*run the command again"):
        attachment.read()


def test_a_file_that_an_editor_put_anew_is_read(tmp_path: Path) -> None:
    sealed.write(tmp_path / "a.png", b"before")
    (attachment,) = read_content(tmp_path).attachments
    sealed.write(tmp_path / "b", b"after")
    (tmp_path / "b").rename(tmp_path / "a.png")
    assert attachment.read() == b"after"
