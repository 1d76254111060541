"""Somebody looks at who has looked: a monthly sample to sign, an alarm for a burst without a reason."""
