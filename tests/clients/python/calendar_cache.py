"""httplib2 with its cache: conditions that nobody writes."""

import tempfile

import httplib2
from calendar_story import event, say, service, status, under


class Seen(httplib2.Http):
    """The transport as it is; what crosses the wire is noted."""

    def __init__(self, cache):
        super().__init__(cache=cache)
        self.sent = []

    def _conn_request(self, conn, request_uri, method, body, headers):
        conditions = {name: headers[name] for name in ("if-match", "if-none-match") if name in headers}
        response, content = super()._conn_request(conn, request_uri, method, body, headers)
        self.sent.append([method, conditions, response.status])
        return response, content


other = service().events()
WHERE = {"calendarId": "primary"}
inserted = other.insert(**WHERE, body=event("Lunch")).execute()
THIS = {**WHERE, "eventId": inserted["id"]}

http = Seen(tempfile.mkdtemp())
events = service(http).events()

first = events.get(**THIS).execute()
again = events.get(**THIS).execute()
revalidated, http.sent = http.sent, []

# The cached tag is sent by itself, and it is the current one.
mine = events.update(**THIS, body=event("Dinner")).execute()
accepted, http.sent = http.sent, []

# Somebody else changes the event behind the cache.
events.get(**THIS).execute()
other.patch(**THIS, body={"location": "Elsewhere"}).execute()
http.sent = []
stale = status(events.update(**THIS, body=event("Supper")))
refused, http.sent = http.sent, []

now = events.get(**THIS).execute()
http.sent = []
patched = status(events.patch(**THIS, body={"summary": "Supper"}))
last = http.sent

say(
    etag=inserted["etag"],
    mine=mine["etag"],
    now=now["etag"],
    same=first == again,
    revalidated=revalidated,
    accepted=accepted,
    stale=stale,
    refused=refused,
    location=now["location"],
    patched=patched,
    last=last,
)
