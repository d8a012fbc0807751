"""A run of the tests that cannot pass while some silently did not run: those of a browser or a server, or a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterator
from typing import Any

import pytest

KINDS = ("browser", "server")
# Set in the stash of a test that waits for --full: that is not the skip that is looked for here.
WAITS_FOR_FULL = pytest.StashKey[bool]()


class Guard:
    """Counts what ran by kind, and looks for files of tests that a whole run passed over.

    When ``strict``, a skip of a browser or server test is a failure, and so is a whole run without any.
    """

    def __init__(self, *, strict: bool) -> None:
        self._strict = strict
        self._collected: Counter[str] = Counter()
        self._ran: Counter[str] = Counter()
        self._files: set[str] = set()

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        for item in session.items:
            self._collected.update(_kinds(item))
            self._files.add(item.nodeid.partition("::")[0])

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        kinds = _kinds(item)
        if kinds and report.skipped and self._strict and not hasattr(report, "wasxfail"):
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
            report.outcome = "failed"
            report.longrepr = f"A {kinds[0]} test may not be skipped when CI=true. {reason}"
        if report.when == "call" and not report.skipped:
            self._ran.update(kinds)
        return report

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take over what a worker of pytest-xdist told at its end. Each collects all tests, and runs some."""
        told = getattr(node, "workeroutput", {}).get("guard")
        if told:
            self._ran.update(told["ran"])
            self._collected = Counter(told["collected"])
            self._files = set(told["files"])

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        if is_worker(session.config):
            told = {"ran": dict(self._ran), "collected": dict(self._collected), "files": sorted(self._files)}
            session.config.workeroutput["guard"] = told
        elif exitstatus == pytest.ExitCode.OK and any(self._faults(session.config)):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
        counts = "; ".join(f"{self._ran[kind]} of {self._collected[kind]} {kind} tests ran" for kind in KINDS)
        terminalreporter.write_line(counts)
        for fault in self._faults(config):
            terminalreporter.write_line(f"FAILED: {fault}", red=True)

    def _faults(self, config: pytest.Config) -> Iterator[str]:
        """In a whole run every file has its part, and when strict, each kind of test ran at least once."""
        if not _is_whole(config):
            return
        for file in sorted(_files_of_tests(config) - self._files):
            yield f"no test of {file} was collected: see norecursedirs in pyproject.toml"
        for kind in KINDS:
            if self._strict and not self._ran[kind]:
                yield f"no {kind} test ran, and CI=true"


def is_worker(config: pytest.Config) -> bool:
    """Whether this process runs a part of the tests for another one, which tells of all: see pytest-xdist."""
    return hasattr(config, "workeroutput")


def _kinds(item: pytest.Item) -> list[str]:
    if WAITS_FOR_FULL in item.stash:
        return []
    return [kind for kind in KINDS if item.get_closest_marker(kind)]


def _files_of_tests(config: pytest.Config) -> set[str]:
    """Their paths as pytest writes them: with slashes, relative to the folder of its configuration."""
    root = config.rootpath
    return {
        file.relative_to(root).as_posix()
        for folder in config.getini("testpaths")
        for name in config.getini("python_files")
        for file in (root / folder).rglob(name)
    }


def _is_whole(config: pytest.Config) -> bool:
    """Whether everything was asked for: no path, no expression, no choice of failed tests."""
    chosen = ("keyword", "markexpr", "lf", "deselect", "ignore", "ignore_glob", "collectonly", "stepwise")
    return config.args_source is not pytest.Config.ArgsSource.ARGS and not any(
        config.getoption(name, default=None) for name in chosen
    )
