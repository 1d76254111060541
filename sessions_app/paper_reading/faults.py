"""Why a picture could not be read, as a word; the sentences stand in texts/sheet_photos.py."""

# Of the file, then of what is on the picture.
FILE_FAULTS = ("broken", "huge", "pages", "locked", "slow")
SHEET_FAULTS = ("no_sheet", "mirrored", "corners", "two_sheets", "far", "code", "other_code")


class PictureError(Exception):
    """A picture that cannot be read; `code` is one of the faults above."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code
