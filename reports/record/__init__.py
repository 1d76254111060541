"""What goes from an episode into a record, to the case worker, or home with the client."""
