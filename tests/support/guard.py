"""A run of the tests that cannot pass while some silently did not run: those of a browser or a server, or a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterator
from pathlib import Path

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
        self._passed_over: list[Path] = []
        self._whole = False

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self._whole = _is_whole(session.config)
        for item in session.items:
            self._collected.update(_kinds(item))
        if self._whole:
            passed_over = _files_of_tests(session.config) - {item.path for item in session.items}
            self._passed_over = sorted(file.relative_to(session.config.rootpath) for file in passed_over)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        kinds = _kinds(item)
        if kinds and report.skipped and self._strict and not hasattr(report, "wasxfail"):
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
            report.outcome = "failed"
            report.longrepr = f"A {kinds[0]} test may not be skipped when CI=true. {reason}"
        if report.when == "call" and not report.skipped:
            self._ran.update(kinds)
        return report

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        if exitstatus == pytest.ExitCode.OK and any(self._faults()):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        counts = "; ".join(f"{self._ran[kind]} of {self._collected[kind]} {kind} tests ran" for kind in KINDS)
        terminalreporter.write_line(counts)
        for fault in self._faults():
            terminalreporter.write_line(f"FAILED: {fault}", red=True)

    def _faults(self) -> Iterator[str]:
        """In a whole run every file has its part, and when strict, each kind of test ran at least once."""
        for file in self._passed_over:
            yield f"no test of {file} was collected: see norecursedirs in pyproject.toml"
        if self._strict and self._whole:
            for kind in KINDS:
                if not self._ran[kind]:
                    yield f"no {kind} test ran, and CI=true"


def _kinds(item: pytest.Item) -> list[str]:
    if WAITS_FOR_FULL in item.stash:
        return []
    return [kind for kind in KINDS if item.get_closest_marker(kind)]


def _files_of_tests(config: pytest.Config) -> set[Path]:
    folders = [config.rootpath / folder for folder in config.getini("testpaths")]
    return {file for folder in folders for name in config.getini("python_files") for file in folder.rglob(name)}


def _is_whole(config: pytest.Config) -> bool:
    """Whether everything was asked for: no path, no expression, no choice of failed tests."""
    chosen = ("keyword", "markexpr", "lf", "deselect", "ignore", "ignore_glob", "collectonly", "stepwise")
    return config.args_source is not pytest.Config.ArgsSource.ARGS and not any(
        config.getoption(name, default=None) for name in chosen
    )
