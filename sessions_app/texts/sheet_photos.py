"""What is said of a photographed sheet that could not be read, and of a line without a number."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sessions_app.paper_reading import faults

FAULTS: dict[str, Promise] = {
    "broken": _("The file cannot be opened. Take a new picture."),
    "huge": _("The picture is too large. Take it with the tablet's own camera, or make it smaller."),
    "pages": _("The file has too many pages. Send 30 at most at a time."),
    "locked": _("The file is locked with a password. Save it without one."),
    "slow": _("The file took too long to read. Take a new picture."),
    "no_sheet": _("There is no sheet of Medspil's on the picture: nothing with four black corner marks."),
    "mirrored": _("The picture is mirrored. Take it with the camera on the back, and do not turn it over."),
    "corners": _("All four corner marks have to be on the picture, uncovered and sharp. Take a new one."),
    "two_sheets": _("There is more than one sheet on the picture. Take one picture of each."),
    "far": _("The sheet is too small on the picture. Go closer, until it fills the picture."),
    "code": _("The square code cannot be read. Take a new picture in better light, without shadow or fold across it."),
    "other_code": _("The code is of another kind of sheet, or of another version of the program."),
    "unknown": _("This sheet was not printed by your organisation, so nobody knows which form it is."),
    "not_yours": _("This sheet was printed for somebody whom you may not see. Give it to the colleague who may."),
    "twice": _("This sheet is waiting for you already, from another picture."),
    "answered": _("The form of this sheet is answered already. Correct that answer instead, if it is wrong."),
}
NOTICES: dict[str, Promise] = {
    "no_line": _("The line cannot be seen."),
    "no_mark": _("No mark was found."),
    "two_marks": _("There are two marks on the line."),
    "outside": _("The mark lies outside the line."),
    "crossed_out": _("Something is crossed out."),
    "beside_line": _("Something is drawn beside the line."),
}
# Of these the picture itself may be wrong, so another one helps.
ANOTHER_PICTURE = (*faults.FILE_FAULTS, *faults.SHEET_FAULTS)
