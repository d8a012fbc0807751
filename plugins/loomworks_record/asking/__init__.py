"""Asking by name: a text as a person types it, and the things of a record that it may mean. Pure; knows no record."""
