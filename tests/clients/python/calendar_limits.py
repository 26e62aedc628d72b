"""Too many requests in a second: the library backs off, where it is asked to."""

from calendar_story import event, reason, say, service

events = service().events()
WHERE = {"calendarId": "primary"}

told = next(filter(None, (reason(events.list(**WHERE)) for _ in range(10_000))))
done = [events.insert(**WHERE, body=event(str(number))).execute(num_retries=10) for number in range(6)]

say(refused=[told[0], told[2]], done=len({item["id"] for item in done}))
