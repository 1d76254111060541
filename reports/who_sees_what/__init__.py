"""Who can see what: everybody with access, and how many clients it reaches."""
