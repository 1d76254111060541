"""Sentences about clients."""
