"""Drives the generated Python client (medspil_client, beside this file): what it gets must be what its types say."""

import datetime
import os
import uuid

from medspil_client import AuthenticatedClient
from medspil_client.api.clients import clients_create, clients_list
from medspil_client.api.me import me
from medspil_client.api.practitioners import practitioners_list
from medspil_client.api.sessions import sessions_create, sessions_list
from medspil_client.models import ClientIn, ClientOut, PastIn, PastInAttendance, PastInContactForm, Problem, SessionOut

api = AuthenticatedClient(base_url=os.environ["BASE_URL"], token=os.environ["TOKEN"], raise_on_unexpected_status=True)

whose = me.sync(client=api)
body = ClientIn(reference="P-1", form_language="en", teams=[whose.teams[0].id], birth_year=1984)
made = clients_create.sync(client=api, body=body, idempotency_key=str(uuid.uuid4()))
assert isinstance(made, ClientOut), made
assert made.birth_year == 1984
page = clients_list.sync(client=api, reference="P-1")
assert [client.id for client in page.results] == [made.id], page
people = practitioners_list.sync(client=api).results
assert whose.practitioner.id in [person.id for person in people], people

held = {"contact_form": PastInContactForm.VIDEO, "attendance": PastInAttendance.ATTENDED, "client": made.id}
today = datetime.datetime.now(tz=datetime.UTC).date()
past = PastIn(held_on=today, submission_id=uuid.uuid4(), practitioner=people[0].id, **held)
session = sessions_create.sync(client=api, body=past)
assert isinstance(session, SessionOut), session
assert (session.held_on, session.practitioner) == (today, people[0].id)
again = sessions_create.sync(client=api, body=past)
assert again.id == session.id, again
assert len(sessions_list.sync(client=api, client_query=made.id).results) == 1

later = PastIn(held_on=today + datetime.timedelta(days=9), submission_id=uuid.uuid4(), **held)
refused = sessions_create.sync(client=api, body=later)
assert isinstance(refused, Problem), refused
assert list(refused.errors.to_dict()) == ["held_on"], refused
closed = clients_list.sync(client=AuthenticatedClient(base_url=os.environ["BASE_URL"], token="wrong"))
assert isinstance(closed, Problem), closed
assert closed.status == 401
print("Python client: clients read, a session written once, a later one and a wrong token refused")
