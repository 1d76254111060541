"""Django's PostgreSQL, with a look at an idle connection that costs no round trip."""
