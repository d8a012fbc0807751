"""Chains followed through their versions, and what is said of that."""
