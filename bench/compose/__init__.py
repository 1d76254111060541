"""`make compose-check`: docker-compose.yml as a whole, by podman, with images made of Debian and wheels."""
