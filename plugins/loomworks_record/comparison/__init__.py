"""Compare two rendered documents: blocks aligned, words marked, tables kept whole."""
