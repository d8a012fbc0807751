"""From the plan to a site folder: what was made before is found in the cache, what is missing is made in parallel."""
