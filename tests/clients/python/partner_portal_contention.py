"""Several editors add a plan each at the same time: they read again and back off with jitter until theirs is in."""

import json
import random
import threading
import time

from partner_portal import create, read, write

EDITORS = 8
LONGEST = 0.5

create("first")
start = threading.Barrier(EDITORS)
conflicts = []


def add_plan(number):
    start.wait()
    pause = 0.01
    while True:
        offer, etag = read()
        offer["definition"]["plans"].append({"planId": f"plan-{number}"})
        status = write(offer, etag)
        if status == 200:
            return
        conflicts.append(status)
        time.sleep(random.uniform(0, pause))
        pause = min(pause * 2, LONGEST)


editors = [threading.Thread(target=add_plan, args=(number,)) for number in range(EDITORS)]
for editor in editors:
    editor.start()
for editor in editors:
    editor.join()
plans = sorted(plan["planId"] for plan in read()[0]["definition"]["plans"])
print(json.dumps({"plans": plans, "conflicts": sorted(set(conflicts))}))
