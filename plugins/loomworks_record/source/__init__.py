"""Bytes in, values out: names, headers, kinds and documents. Only ``store`` and ``project`` touch files."""
