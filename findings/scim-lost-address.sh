#!/bin/sh
# A SCIM server of scim2-models 0.12.3 that is told to leave out what it does not know (unknown=ignore), as one has to be whose
# peers send more than it needs. Microsoft Entra changes an address by a PATCH without a path, whose value names it by a filter:
# {"emails[type eq \"work\"].value": "new@..."}. The operation is taken, the patch says that it changed something, and the
# address is the old one: what is no plain name of an attribute counts as unknown. As a path of its own the same is done.
# And its User refuses every address under .local or .test ("special-use"), which municipalities' directories are full of:
# whoever reads such a person from a database cannot show them either. Exits 1 when the library does something else.
set -eu
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/v"
"$folder/v/bin/pip" -q install --disable-pip-version-check scim2-models==0.12.3
"$folder/v/bin/python" - <<'PY'
import sys

from scim2_models import Context, PatchOp, ScimPolicy, User

policy = ScimPolicy(unknown=ScimPolicy.Unknown.ignore)
NAME = 'emails[type eq "work"].value'
MESSAGE = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


def patched(operation):
    user = User(user_name="kim", emails=[{"type": "work", "value": "old@example.org"}])
    body = {"schemas": [MESSAGE], "Operations": [operation]}
    asked = PatchOp[User].model_validate(body, scim_ctx=Context.RESOURCE_PATCH_REQUEST, scim_policy=policy)
    return asked.patch(user, scim_policy=policy), user.emails[0].value


def is_taken(address):
    try:
        User.model_validate({"userName": "kim", "emails": [{"value": address}]})
    except ValueError:
        return False
    return True


inside = patched({"op": "replace", "value": {NAME: "new@example.org", "displayName": "Kim"}})
beside = patched({"op": "replace", "path": NAME, "value": "new@example.org"})
taken = {address: is_taken(address) for address in ("kim@example.org", "kim@kommune.local", "kim@kommune.test")}
print(f"by its name in the value: changed {inside[0]}, address {inside[1]}\nby a path: changed {beside[0]}, address {beside[1]}")
print(f"addresses that are taken: {taken}")
as_told = inside == (True, "old@example.org") and beside == (True, "new@example.org")
sys.exit(0 if as_told and list(taken.values()) == [True, False, False] else 1)
PY
