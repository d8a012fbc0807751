"""Tests of citations: the grammar, what mentions come to, and how pages show them."""
