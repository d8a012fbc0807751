"""Mentions resolved: what each leads to, who cites whom, and what is not held."""
