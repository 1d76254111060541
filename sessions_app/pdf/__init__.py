"""The form on paper: a sheet to print."""
