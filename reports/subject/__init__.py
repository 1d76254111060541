"""Everything about one client, found by following the tables: what the client is given on request."""
