"""Several clients change one property at the same time: whoever is refused reads again, and backs off with jitter."""

import json
import random
import threading
import time

from planner import bucket_in, connect
from requests import HTTPError

CLIENTS = 8
TURNS = 3
LONGEST = 0.5

_, planner = connect()
task_id = bucket_in(planner).create_task("0").object_id
start = threading.Barrier(CLIENTS)
refusals = []


def count_up():
    _, own = connect()
    start.wait()
    for _ in range(TURNS):
        pause = 0.01
        while True:
            task = own.get_task_by_id(task_id)
            try:
                task.update(title=str(int(task.title) + 1))
                break
            except HTTPError as error:
                refusals.append(error.response.status_code)
                time.sleep(random.uniform(0, pause))
                pause = min(pause * 2, LONGEST)


clients = [threading.Thread(target=count_up) for _ in range(CLIENTS)]
for client in clients:
    client.start()
for client in clients:
    client.join()
title = planner.get_task_by_id(task_id).title
print(json.dumps({"title": title, "refusals": sorted(set(refusals))}))
