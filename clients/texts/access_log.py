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
    "client.protection": _("Looked up who sees the client"),
    "client.block": _("Blocked the client for other units"),
    "client.unblock": _("Lifted the block for other units"),
    "client.protect": _("Marked that nobody may tell where the client is"),
    "client.unprotect": _("Took away the mark that nobody may tell where the client is"),
    "client.transfer": _("Transferred the client"),
    "client.transfer_undo": _("Took the transfer of the client back"),
    "client.shred_words": _("Destroyed the keys of the client's words"),
    "restriction.set": _("Stopped the use of what is kept about the client"),
    "restriction.lift": _("Let what is kept about the client be used again"),
    "restriction.read": _("Read what is not used for now"),
    "subject_request.export": _("Took the list of requests out as a file"),
    "client.erase": _("Erased the client"),
    "access.detached": _("Took out of the log what was older than it is kept"),
    "access.emptied": _("Took what was typed about the client out of the log"),
    "retention.notice": _("Looked at whose time is over"),
    "retention.confirm": _("Confirmed that the client is erased, or took that back"),
    "retention.hold": _("Looked at or changed why the records are kept"),
    "retention.archive": _("Took everything out as a file for the archive"),
    "client.hand_over": _("Gave the client another contact person"),
    "client.lend": _("Had a colleague look after the client during a leave"),
    "client.plan_hand_over": _("Wrote down who takes the client over on a day to come"),
    "client.give_back": _("Gave the client back after a leave"),
    "access.search": LOOKED,
    "access.export": _("Took who has looked out as a file"),
}
# By the word before the point, where an action has no words of its own.
KINDS = {"pair": _("Read or wrote a message between the contact persons"), "client": AGREED, "episode": AGREED}
KINDS |= {
    "subject_request": _("Opened or answered what the client asked about their data"),
    "restriction": _("Looked at whether the client's data are used"),
}
