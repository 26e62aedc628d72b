"""The library follows the links from page to page."""

import json

from planner import bucket_in, connect

_, planner = connect()
bucket = bucket_in(planner)
for number in range(7):
    bucket.create_task(f"{number}")
plan = planner.get_plan_by_id(bucket.plan_id)
print(json.dumps([task.title for task in plan.list_tasks()]))
