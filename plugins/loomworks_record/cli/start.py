"""Where the command ``record`` begins: Ctrl-C while its modules are loaded ends it, without a traceback."""

import signal

if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)

from loomworks_record.cli.main import main

__all__ = ["main"]
