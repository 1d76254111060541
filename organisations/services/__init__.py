"""What may be done with organisations, their people and their log-ins."""
