"""Forms that are begun and not finished."""
