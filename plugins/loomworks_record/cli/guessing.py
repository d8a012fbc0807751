"""What was mistyped: the nearest of the names that there are."""

from __future__ import annotations

from collections.abc import Iterable

import click


def did_you_mean(given: str, known: Iterable[str], near: float = 0.5) -> str:
    """ "; did you mean 'list'?", or "" where nothing is as ``near`` (1: equal)."""
    from difflib import get_close_matches  # noqa: PLC0415 - only for what was mistyped

    meant = get_close_matches(given.casefold(), list(known), 1, near)
    return f"; did you mean '{meant[0]}'?" if meant else ""


_WHOLE = 1000  # characters of a summary: none is cut


class GuessingGroup(click.Group):
    """A group that says which command may be meant by one that is not there, and each summary whole."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in (known := self.list_commands(ctx)) and not args[0].startswith("-"):
            ctx.fail(f"there is no command '{args[0]}'{did_you_mean(args[0], known)}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Every summary whole, over as many lines as it needs."""
        commands = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.get_short_help_str(_WHOLE)) for name, command in commands if command])
