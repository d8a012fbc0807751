"""Mentions resolved: what each leads to, which document cites which, and what is not held."""
