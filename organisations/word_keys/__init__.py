"""The keys that wrap clients' data keys: in a file of the operator's, or kept by a service that never gives them out.

Nothing here is in the database, so that a copy of it opens no words.
"""
