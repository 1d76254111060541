"""Tokens that let another system in: what they are, how they are made, how a request enters by one."""
