"""What the access log says of clients and episodes, in words that a client can read."""

from django.utils.translation import gettext_lazy as _

LISTED = _("Saw the client in a list")
LOOKED = _("Looked up who has looked")
AGREED = _("Opened or changed what is agreed with the client")

ACTIONS = {
    "client.view": _("Opened the client's page"),
    "client.list": LISTED,
    "client.list_caseload": LISTED,
    "client.merge": _("Merged two records of the client"),
    "client.merge_undo": _("Took the merging of two records back"),
    "client.looks": LOOKED,
    "client.transfer": _("Transferred the client"),
    "client.transfer_undo": _("Took the transfer of the client back"),
    "client.hand_over": _("Gave the client another contact person"),
    "client.lend": _("Had a colleague look after the client during a leave"),
    "client.give_back": _("Gave the client back after a leave"),
    "access.search": LOOKED,
    "access.export": _("Took who has looked out as a file"),
}
# By the word before the point, where an action has no words of its own.
KINDS = {"pair": _("Read or wrote a message between the contact persons"), "client": AGREED, "episode": AGREED}
