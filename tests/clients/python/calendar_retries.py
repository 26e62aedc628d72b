"""The bounded loop: update under the tag; where somebody was faster, read again and make the own change again."""

from calendar_story import event, say, service, under
from googleapiclient.errors import HttpError

MAX = 5
events = service().events()
WHERE = {"calendarId": "primary"}


def update(this, copy, meanwhile):
    """How many updates were sent, and whether the last one was accepted."""
    attempts = sent = 0
    while True:
        copy["description"] = "mine"
        meanwhile()
        try:
            sent += 1
            under(events.update(**this, body=copy), "If-Match", copy["etag"]).execute()
            return sent, True
        except HttpError as error:
            if error.status_code != 412:
                raise
            copy = events.get(**this).execute()
        attempts += 1
        if attempts > MAX:
            return sent, False


def others(this, times):
    """Somebody else, who changes the event so many times and then leaves it."""
    left = iter(range(times))

    def change():
        number = next(left, None)
        if number is not None:
            events.patch(**this, body={"location": f"room {number}"}).execute()

    return change


def story(times):
    this = {**WHERE, "eventId": None}
    inserted = events.insert(**WHERE, body=event("Lunch")).execute()
    this["eventId"] = inserted["id"]
    sent, updated = update(this, inserted, others(this, times))
    now = events.get(**this).execute()
    return {"sent": sent, "updated": updated, "now": [now.get("location"), now.get("description")]}


def gone():
    """An error that is no 412 ends the loop."""
    inserted = events.insert(**WHERE, body=event("Lunch")).execute()
    try:
        update({"calendarId": "nobody@example.com", "eventId": inserted["id"]}, inserted, lambda: None)
    except HttpError as error:
        return error.status_code
    return None


say(alone=story(0), contended=story(3), hopeless=story(100), gone=gone())
