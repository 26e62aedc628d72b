"""google-api-python-client, speaking to a local People API."""

import random
import sys

from google.auth.credentials import AnonymousCredentials
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

URL = sys.argv[1]
FIELDS = "names,biographies,metadata"


def service():
    """The library's client, with the description of the API that it ships with."""
    options = {"api_endpoint": URL + "/"}
    return build("people", "v1", credentials=AnonymousCredentials(), static_discovery=True, client_options=options)


people = service()


def create(given_name):
    """A new contact."""
    return people.people().createContact(body={"names": [{"givenName": given_name}]}).execute()


def read(name):
    """A contact as the service shows it now."""
    return people.people().get(resourceName=name, personFields=FIELDS).execute()


def change(person, text):
    """The request that gives a contact this biography, under the tag that `person` has."""
    person = {**person, "biographies": [{"value": text}]}
    name = person["resourceName"]
    return people.people().updateContact(resourceName=name, updatePersonFields="biographies", body=person)


def refused_once(request):
    """The status that refuses a request which the library may send four times, and what it sends."""
    sent, send = [], people._http.request

    def counted(uri, method="GET", **rest):
        sent.append(method)
        return send(uri, method=method, **rest)

    people._http.request = counted
    try:
        request.execute(num_retries=3)
    except HttpError as error:
        return [error.status_code, sent]
    finally:
        people._http.request = send


def biography(person):
    """The text, if there is one."""
    return person.get("biographies", [{}])[0].get("value")


def read_and_change(name, text):
    """What everybody writes first."""
    return change(read(name), text).execute()


def change_with_back_off(name, text, sleep, most=5):
    """Reads again and tries again, later each time and by chance; gives how often it tried."""
    for attempt in range(most):
        try:
            read_and_change(name, text)
            return attempt + 1
        except HttpError as error:
            if "etag is different" not in str(error) or attempt == most - 1:
                raise
            sleep(2**attempt + random.uniform(0, 1))
