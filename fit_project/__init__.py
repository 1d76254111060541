"""Wiring: settings, routes, the job queue."""
