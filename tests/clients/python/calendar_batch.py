"""Several requests in one, of which one has a stale tag."""

from calendar_story import BASE, event, say, service, under
from googleapiclient.http import BatchHttpRequest

events = service().events()
WHERE = {"calendarId": "primary"}
one, two = (events.insert(**WHERE, body=event(summary)).execute() for summary in ("One", "Two"))
events.patch(**WHERE, eventId=two["id"], body={"location": "Elsewhere"}).execute()

answers = {}


def note(name, answer, error):
    answers[name] = error.status_code if error else answer if isinstance(answer, str) else answer["summary"]


def update(old, **members):
    return under(events.update(**WHERE, eventId=old["id"], body={**old, **members}), "If-Match", old["etag"])


batch = BatchHttpRequest(callback=note, batch_uri=BASE + "/batch/calendar/v3")
batch.add(update(one, summary="One, changed"), request_id="fresh")
batch.add(update(two, summary="Two, changed"), request_id="stale")
batch.add(events.insert(**WHERE, body=event("Three")), request_id="new")
batch.add(events.get(**WHERE, eventId=two["id"]), request_id="read")
batch.add(events.patch(**WHERE, eventId=one["id"], body={"summary": "Twice"}), request_id="overlap")
batch.add(events.delete(**WHERE, eventId="absent"), request_id="absent")
batch.execute()

summaries = [item["summary"] for item in events.list(**WHERE).execute()["items"]]
say(answers=answers, order=list(answers), summaries=summaries)
