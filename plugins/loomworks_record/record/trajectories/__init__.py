"""What happened in a phase: halts, cycles, and the versions that answered them."""
