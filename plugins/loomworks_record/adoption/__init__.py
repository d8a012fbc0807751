"""Adopting a folder: what is recognised in it, and which rows of configuration would have more of it read."""
