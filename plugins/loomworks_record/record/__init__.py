"""Values in, the whole out: chains, standing, citations, identifiers, trajectories, problems."""
