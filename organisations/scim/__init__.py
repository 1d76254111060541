"""SCIM 2.0 (RFC 7643 and 7644): what we announce, how we read it, and its filters as SQL."""
