"""Two editors of one offer: what each strategy makes of the second one's write."""

import json

from partner_portal import PLACE, create, document, image, read, write

create("first")
mine, etag = read()
seen = {"other": write(document("other"), etag)}

mine["definition"]["displayText"] = "mine"
seen["stale"] = write(mine, etag)
seen["missing"] = write(mine, None)

again, etag = read()
seen["reread"] = again["definition"]["displayText"]
again["definition"]["displayText"] += ", and mine"
seen["retry"] = write(again, etag)
seen["merged"] = read()[0]["definition"]["displayText"]

# The last one wins: what the library does by itself, and what loses the other's update.
stale = image().get_offer_doc(**PLACE)
write(document("other"), "*")
image().upload_offer_doc(**PLACE, offer_doc=stale)
seen["overwritten"] = read()[0]["definition"]["displayText"]
print(json.dumps(seen))
