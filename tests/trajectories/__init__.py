"""Trajectories, phase pages, home and feed."""
