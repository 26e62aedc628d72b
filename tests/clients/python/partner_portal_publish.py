"""An offer is changed, published and set live with the library's own calls."""

import json
import time

from partner_portal import PLACE, document, image, read

client = image()
seen = {"exists": [client.offer_exists(**PLACE)]}

# The library takes the 201 for a failure, pauses, and is answered 200 to the repeat.
seen["pauses"] = []
time.sleep = seen["pauses"].append
client.upload_offer_doc(**PLACE, offer_doc=document("first"))
seen["exists"].append(client.offer_exists(**PLACE))

offer = client.get_offer_doc(**PLACE)
offer["definition"]["displayText"] = "second"
client.upload_offer_doc(**PLACE, offer_doc=offer)
seen["text"] = client.get_offer_doc(**PLACE)["definition"]["displayText"]

seen["statuses"] = [client.get_offer_status(**PLACE)]
operation = client.publish_offer(**PLACE, notification_emails="ada@contoso.test")
while client.get_operation(operation)["status"] == "running":
    pass
seen["statuses"].append(client.get_offer_status(**PLACE))
operation = client.go_live_with_offer(**PLACE)
while client.get_operation(operation)["status"] == "running":
    pass
seen["statuses"].append(client.get_offer_status(**PLACE))
seen["version"] = read()[0]["version"]
print(json.dumps(seen))
