"""Expressions that are compiled when they are first used: each is well formed, and does what a compiled one does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages

import loomworks_record
import pytest
from loomworks_record import lazy


def constants() -> Iterator[tuple[str, lazy._Regex]]:
    for module in walk_packages(loomworks_record.__path__, "loomworks_record."):
        if not module.name.endswith("__main__"):
            for name, value in vars(import_module(module.name)).items():
                if isinstance(value, lazy._Regex):
                    yield f"{module.name}.{name}", value


def test_every_expression_of_a_module_is_well_formed() -> None:
    found = dict(constants())
    assert len(found) > 100
    for name, expression in found.items():
        assert expression.flags is not None, name


def test_it_finds_what_a_compiled_expression_finds() -> None:
    expression = lazy.regex(r"a(?P<rest>\w+)", re.IGNORECASE)
    assert expression.search("xABC") and expression.sub("-", "Abc abd") == "- -"
    assert (expression.pattern, expression.groupindex) == (r"a(?P<rest>\w+)", {"rest": 1})


def test_a_wrong_expression_is_told_when_it_is_used() -> None:
    with pytest.raises(re.error):
        lazy.regex("(").match("(")
