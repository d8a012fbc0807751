"""Fixtures and rules for all tests: ``--full``, the guard over browser and server tests, real sites and servers.

Ask for ``visit`` and the test counts as a browser test; ask for ``serve_nginx`` and it counts as a server test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hostile import documents
from hypothesis import settings
from playwright.sync_api import Browser
from support import chromium, guard, hosting, nginx, programs, site

# Runs of the same commit do the same. The long run looks further, in other places each time.
settings.register_profile("short", derandomize=True, max_examples=50, deadline=None)
settings.register_profile("full", max_examples=1000, deadline=None, print_blob=True)

_tallies = pytest.StashKey[list[str]]()
_KIND_OF_FIXTURE = {"running_chromium": "browser", "serve_nginx": "server"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="run the long tests too")


def pytest_configure(config: pytest.Config) -> None:
    full = config.getoption("--full")
    if not config.getoption("--hypothesis-profile", default=None):
        settings.load_profile("full" if full else "short")
    config.pluginmanager.register(guard.Guard(strict=programs.in_ci()), "guard")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark tests by the fixtures that they ask for, before anything is chosen by marker; hold the long ones back."""
    for item in items:
        for fixture in getattr(item, "fixturenames", ()):
            if fixture in _KIND_OF_FIXTURE:
                item.add_marker(_KIND_OF_FIXTURE[fixture])
        if item.get_closest_marker("full") and not config.getoption("--full"):
            item.stash[guard.WAITS_FOR_FULL] = True
            item.add_marker(pytest.mark.skip(reason="a long run: pytest --full"))


@pytest.fixture(scope="session")
def tally(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """``tally(line)``: a line for the end of the run, such as how many cases there were."""
    return request.config.stash.setdefault(_tallies, []).append


def pytest_sessionfinish(session: pytest.Session) -> None:
    if guard.is_worker(session.config):
        session.config.workeroutput["tallies"] = session.config.stash.get(_tallies, [])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    node.config.stash.setdefault(_tallies, []).extend(getattr(node, "workeroutput", {}).get("tallies", []))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for line in config.stash.get(_tallies, []):
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def running_chromium() -> Iterator[Browser]:
    with chromium.browser() as browser:
        yield browser


@pytest.fixture
def visit(running_chromium: Browser) -> Iterator[Callable[..., chromium.Visit]]:
    """``visit(url, width=1366, height=900, scheme="light", javascript=True)``: an open page; see ``chromium.visit``."""
    with ExitStack() as open_pages:
        yield lambda url, **options: open_pages.enter_context(chromium.visit(running_chromium, url, **options))


@pytest.fixture
def serve() -> Iterator[Callable[..., str]]:
    """``serve(folder, like_pages=False)``: the address of a server for a built folder; see ``hosting.serve``."""
    with ExitStack() as servers:
        yield lambda folder, **options: servers.enter_context(hosting.serve(folder, **options))


@pytest.fixture
def serve_nginx(tmp_path: Path) -> Iterator[Callable[..., str]]:
    """``serve_nginx(folder, include=None)``: the address of an nginx for a built folder; see ``nginx.serve``."""
    numbers = count()
    with ExitStack() as servers:
        yield lambda folder, **options: servers.enter_context(
            nginx.serve(folder, tmp_path / f"nginx-{next(numbers)}", **options)
        )


@pytest.fixture
def build_site(tmp_path: Path) -> Callable[..., site.Build]:
    """``build_site(content, config=None, strict=False, environment=None)``: a real build; see ``site.build``."""
    numbers = count()
    return lambda content, **options: site.build(content, tmp_path / f"project-{next(numbers)}", **options)


@pytest.fixture(scope="session")
def sample_site(tmp_path_factory: pytest.TempPathFactory) -> site.Build:
    """The sample record of the project, built once for the whole run. Do not change it."""
    built = site.build(site.PROJECT / "content", tmp_path_factory.mktemp("sample") / "project")
    assert built.status == 0, built.output
    return built


@pytest.fixture(scope="session")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> site.Build:
    """A record of hostile documents, built once for the whole run. Do not change it."""
    built = site.build(documents.record(), tmp_path_factory.mktemp("hostile") / "project")
    assert built.status == 0, built.output
    return built


@pytest.fixture(scope="session")
def git() -> str:
    """The path of git."""
    return programs.need("git", package="git")


@pytest.fixture(scope="session")
def ssh_keygen() -> str:
    """The path of ssh-keygen, which signs and checks stamps."""
    return programs.need("ssh-keygen", package="openssh-client")
