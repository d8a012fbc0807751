"""Zstandard (RFC 8878): that of Python 3.14 and later, else its backport. Both give the same frames."""

from __future__ import annotations

import sys

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

__all__ = ["zstd"]
