"""The parts of ``scripts/bench site``: what is measured, beside whom, and the page that says so."""
