"""What a command began ends with it, whatever ends it; and what is published can be read."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from loomworks_record.endings import temporary_folder
from support import nginx

from robust.projects import Project, make

COMMANDS = (("build",), ("build", "--host", "none"), ("publish", "pub"), ("mkdocs", "build"))
SIGNALS = {"INT": signal.SIGINT, "TERM": signal.SIGTERM, "HUP": signal.SIGHUP, "KILL": signal.SIGKILL}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """With enough to render that several processes do it for some seconds."""
    made = make(tmp_path_factory.mktemp("endings") / "project")
    file = made.root / "mkdocs.yml"
    file.write_text(file.read_text("utf-8").replace("- record:", "- record:\n      workers: 2"), "utf-8")
    sentences = "\n\n".join(f"Sentence {number} says what CR v0.2, §4 held." for number in range(400))
    for number in range(30):
        note = made.content / f"notes/note-{number}-v0_1.md"
        note.parent.mkdir(exist_ok=True)
        note.write_text(f"# Note {number}\n\n**Version.** 0.1\n\n{sentences}\n", "utf-8")
    return made


def of_session(session: int) -> list[str]:
    """The processes of a session that have not ended."""
    listed = subprocess.run(["ps", "-eo", "pid=,sess=,stat=,args="], capture_output=True, text=True, check=True).stdout
    found = (line.split(None, 3) for line in listed.splitlines())
    return [args for _, number, state, args in found if number == str(session) and "Z" not in state]


def ended(project: Project, how: signal.Signals, whole_group: bool, *arguments: str) -> list[str]:
    """Begin, end while pages are rendered, and what is left of it five seconds later."""
    for name in (".cache", "site"):
        subprocess.run(["rm", "-rf", project.root / name], check=True)
    process = project.start(*arguments, start_new_session=True)
    deadline = time.monotonic() + 60
    while len(of_session(process.pid)) < 3 and time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.02)
    time.sleep(0.5)
    assert process.poll() is None, process.communicate()
    (os.killpg if whole_group else os.kill)(process.pid, how)
    process.communicate(timeout=60)
    until = time.monotonic() + 5
    while (left := of_session(process.pid)) and time.monotonic() < until:
        time.sleep(0.1)
    return left


@pytest.mark.parametrize(("name", "whole_group"), [("TERM", False), ("INT", True)])
def test_nothing_is_left_of_a_build_that_was_ended(project: Project, name: str, whole_group: bool) -> None:
    assert ended(project, SIGNALS[name], whole_group, "build") == []


@pytest.mark.full
@pytest.mark.parametrize("name", SIGNALS)
@pytest.mark.parametrize(
    "arguments", [("build",), ("build", "--host", "none"), ("publish", "pub"), ("mkdocs", "build")]
)
def test_nothing_is_left_of_any_command(
    project: Project, name: str, arguments: tuple[str, ...], tally: Callable[[str], None]
) -> None:
    for _ in range(3):
        assert ended(project, SIGNALS[name], name == "INT", *arguments) == []
    tally(f"ended with {name}: {' '.join(arguments)}, 3 times, nothing was left")


def test_a_temporary_folder_of_a_killed_process_goes_with_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    script = (
        "import os, signal\nfrom loomworks_record.endings import temporary_folder\n"
        "with temporary_folder('x'):\n    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    subprocess.run([sys.executable, "-c", script], env={**os.environ, "TMPDIR": str(tmp_path)}, check=False)
    assert len(list(tmp_path.iterdir())) == 1
    with temporary_folder("y") as folder:
        assert list(tmp_path.iterdir()) == [folder]
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_while_the_command_is_loaded_is_quiet() -> None:
    script = (
        "import os, signal, sys\n"
        "class Asked:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'click':\n"
        "            os.kill(os.getpid(), signal.SIGINT)\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "sys.meta_path.insert(0, Asked())\n"
        "from loomworks_record.cli.start import main\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (-signal.SIGINT, "")


def test_what_is_published_can_be_read(tmp_path: Path) -> None:
    """Whatever the umask, and after a new stamp too."""
    project = make(tmp_path / "project")
    target = tmp_path / "www" / "record"
    for arguments in (("publish", target), ("stamp", target)):
        done = project.run(*arguments, umask=0o077)
        assert done.status == 0, done
        served = target / "current"
        for place in (target.parent, target, target / "releases", *served.rglob("*")):
            wanted = 0o755 if place.is_dir() else 0o644
            assert stat.S_IMODE(place.stat().st_mode) & wanted == wanted, place


def test_nginx_takes_the_file_without_a_warning(project: Project, tmp_path: Path) -> None:
    done = project.run("build", "--host", "none")
    assert done.status == 0, done
    with nginx.serve(project.site, tmp_path / "work", include=project.site / "integrity/nginx.conf"):
        assert (tmp_path / "work/errors.txt").read_text("utf-8") == ""
