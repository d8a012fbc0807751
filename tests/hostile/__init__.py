"""Documents that mean harm: what they bring stays text within its place."""
