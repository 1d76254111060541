"""Reads photographed sheets: pure, without Django and without the database. Its libraries load in a process apart."""
