"""The spread of FIT: a public register of services by year, municipality and whom they are for; no client."""
