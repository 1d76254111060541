"""A practitioner rates the supervision they get: kept apart from all that is about clients."""
