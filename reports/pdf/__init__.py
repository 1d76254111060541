"""Accessible PDF: a document of parts, set by a child process from one template."""
