"""What the application says, in the language that is active."""
