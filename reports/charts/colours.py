"""The colours of a figure, by the custom properties of the stylesheets."""

COLOURS = {
    "--ink": "#1d2a2e",
    "--ink-2": "#55646a",
    "--line": "#e2ded4",
    "--card": "#fffefb",
    "--fjord": "#12555c",
    "--band": "rgba(18,85,92,0.09)",
    "--state": "rgba(29,42,46,0.1)",
    "--ors": "#1f5fa8",
    "--srs": "#b4591a",
}
"""Custom properties and their light values: the figure names these, the page puts its own in their place."""
