"""google-api-python-client, speaking to a local calendar."""

import json
import sys

from google.auth.credentials import AnonymousCredentials
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

BASE = sys.argv[1]


def service(http=None):
    """The library's client; with `http`, over that transport."""
    how = {"http": http} if http else {"credentials": AnonymousCredentials()}
    options = {"api_endpoint": BASE + "/calendar/v3/"}
    return build("calendar", "v3", static_discovery=True, client_options=options, **how)


def event(summary, **members):
    return {"summary": summary, "start": {"date": "2026-12-01"}, "end": {"date": "2026-12-02"}, **members}


def under(request, name, value):
    """The library's methods take no headers; its requests do."""
    request.headers[name] = value
    return request


def status(request):
    """What the request is answered, where the library raises it."""
    try:
        request.execute()
    except HttpError as error:
        return error.status_code
    return 200


def reason(request):
    """The reason in the error that the request is answered with."""
    try:
        request.execute()
    except HttpError as error:
        return [error.status_code, error.reason, error.error_details[0]["reason"]]
    return None


def say(**seen):
    print(json.dumps(seen))
