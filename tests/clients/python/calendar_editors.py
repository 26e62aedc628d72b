"""Two editors of one event: with conditions, without, and every way out."""

from calendar_story import event, reason, say, service, status, under

events = service().events()
WHERE = {"calendarId": "primary"}

inserted = events.insert(**WHERE, body=event("Lunch")).execute()
THIS = {**WHERE, "eventId": inserted["id"]}
ada, bob = events.get(**THIS).execute(), events.get(**THIS).execute()

# Ada was faster; Bob is told.
ada["summary"] = "Dinner"
changed = under(events.update(**THIS, body=ada), "If-Match", ada["etag"]).execute()
bob["location"] = "Roof"
conflict = reason(under(events.update(**THIS, body=bob), "If-Match", bob["etag"]))
patched = status(under(events.patch(**THIS, body={"location": "Roof"}), "If-Match", bob["etag"]))
deleted = status(under(events.delete(**THIS), "If-Match", bob["etag"]))
kept = events.get(**THIS).execute()["summary"]

# Without a condition Bob's old copy wins, and Ada's change is lost.
lost = events.update(**THIS, body=bob).execute()

# The way out: read again, make the own change again.
latest = events.get(**THIS).execute()
latest["description"] = "Bring a coat"
merged = under(events.update(**THIS, body=latest), "If-Match", latest["etag"]).execute()

# Or whatever there is.
any_state = under(events.patch(**THIS, body={"location": "Cellar"}), "If-Match", "*").execute()

# What is there already is not sent again, which this library raises.
unchanged = status(under(events.get(**THIS), "If-None-Match", any_state["etag"]))
fresh = status(under(events.get(**THIS), "If-None-Match", merged["etag"]))
listed = events.list(**WHERE).execute()
unchanged_list = status(under(events.list(**WHERE), "If-None-Match", listed["etag"]))

taken = reason(events.insert(**WHERE, body=event("Other", id=inserted["id"])))
events.delete(**THIS).execute()

say(
    tags_differ=len({inserted["etag"], changed["etag"], lost["etag"], merged["etag"], any_state["etag"]}),
    quoted=inserted["etag"].startswith('"'),
    conflict=conflict,
    patched=patched,
    deleted=deleted,
    kept=kept,
    lost=lost["summary"],
    merged=[merged["location"], merged["description"]],
    any_state=any_state["location"],
    unchanged=unchanged,
    fresh=fresh,
    unchanged_list=unchanged_list,
    taken=taken,
    deleted_again=reason(events.delete(**THIS)),
    still_taken=status(events.insert(**WHERE, body=event("Other", id=inserted["id"]))),
    absent=reason(events.get(**WHERE, eventId="absent")),
)
