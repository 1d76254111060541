"""Is FIT really done: of a team's sessions, clients, alerts and people, how many as the method asks, month by month."""
