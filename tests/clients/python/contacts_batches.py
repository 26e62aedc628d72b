"""Several contacts at once: in one request of the API, and in a batch of HTTP requests."""

import json

from googleapiclient.errors import HttpError
from googleapiclient.http import BatchHttpRequest

from contacts import URL, biography, change, create, people, read

ada, eve, kit = (create(name) for name in ["Ada", "Eve", "Kit"])
change(eve, "moved on").execute()
seen = {}

# All or nothing: the culprit alone is named.
body = {
    "contacts": {person["resourceName"]: {**person, "biographies": [{"value": "all"}]} for person in (ada, eve, kit)},
    "updateMask": "biographies",
    "readMask": "biographies",
}
try:
    people.people().batchUpdateContacts(body=body).execute()
except HttpError as error:
    errors = error.error_details[0]["contactErrors"]
    culprits = [[name == eve["resourceName"], culprit["code"]] for name, culprit in errors.items()]
    seen["refused"] = [error.status_code, culprits]
seen["untouched"] = [biography(read(person["resourceName"])) for person in (ada, eve, kit)]

# With the culprit read again, all are written.
body["contacts"][eve["resourceName"]] = {**read(eve["resourceName"]), "biographies": [{"value": "all"}]}
result = people.people().batchUpdateContacts(body=body).execute()["updateResult"]
seen["updated"] = sorted(biography(response["person"]) for response in result.values())

# Each by itself: one conflict within, and the others are done.
answers = {}


def note(request_id, response, exception):
    answers[request_id] = exception.status_code if exception else biography(response)


batch = BatchHttpRequest(callback=note, batch_uri=URL + "/batch")
current = result[kit["resourceName"]]["person"]
batch.add(change({**read(ada["resourceName"])}, "ada alone"), request_id="ada")
batch.add(change(eve, "lost"), request_id="eve")
batch.add(change(current, "kit alone"), request_id="kit")
batch.add(people.people().get(resourceName="people/c1", personFields="names"), request_id="nobody")
batch.execute()
seen["each"] = answers
seen["after"] = [biography(read(person["resourceName"])) for person in (ada, eve, kit)]

responses = people.people().getBatchGet(
    resourceNames=[ada["resourceName"], "people/c1"], personFields="biographies"
).execute()["responses"]
seen["got"] = [response["httpStatusCode"] for response in responses]
listed = people.people().connections().list(resourceName="people/me", personFields="names", pageSize=2).execute()
seen["listed"] = [len(listed["connections"]), listed["totalItems"], "nextPageToken" in listed]
print(json.dumps(seen))
