"""Addresses as codes for a phone's camera."""

import segno


def picture_of(address: str) -> str:
    """An address as a QR code: the data URI of an SVG, black on white with the quiet zone that cameras need."""
    code = segno.make(address, error="m", micro=False)
    return code.svg_data_uri(border=4, scale=8, dark="#000", light="#fff", xmldecl=False)
