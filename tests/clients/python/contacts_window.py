"""A loop of read and update inside the window in which reads lag, and the ways out."""

import json

from googleapiclient.errors import HttpError

from contacts import biography, change, change_with_back_off, create, read, read_and_change, refused_once

name = create("Ada")["resourceName"]
seen = {}

# The loop, as it is reported: the read after an update has the tag before it.
try:
    for done in range(20):
        before = read(name)["etag"]
        read_and_change(name, f"round {done}")
    seen["loop"] = "no failure"
except HttpError as error:
    status = json.loads(error.content)["error"]["status"]
    seen["loop"] = [done, error.status_code, status, error.reason]
    seen["details"] = error.error_details[0]["@type"]
    seen["text"] = "etag is different" in str(error)

# The library's own retries are for other statuses.
seen["retried"] = refused_once(change({**read(name), "etag": before + "stale"}, "lost"))

# With back-off every round is done, in at most five tries.
pauses = []
tries = [change_with_back_off(name, f"later {number}", pauses.append) for number in range(5)]
seen["tries"] = [max(tries) <= 5, max(tries) > 1]
seen["pauses"] = all(1 <= pause for pause in pauses) and len(pauses) == sum(tries) - len(tries)
for _ in range(4):
    last = read(name)
seen["written"] = biography(last)

# The tag of the last answer is never stale.
person = last
for number in range(20):
    person = change(person, f"chained {number}").execute()
seen["chained"] = biography(person)
print(json.dumps(seen))
