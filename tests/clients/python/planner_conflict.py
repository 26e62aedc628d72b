"""The conflict that users of the library report: details are changed, then the task can't be deleted; and the first way out,
to read it again."""

import json

from planner import bucket_in, connect, refused

_, planner = connect()
task = bucket_in(planner).create_task("Paint")

details = task.get_details()
changed = details.update(description="White")
refusal = refused(task.delete)
again = refused(task.delete)

fresh = planner.get_task_by_id(task.object_id)
deleted = fresh.delete()
gone = refused(planner.get_task_by_id, task_id=task.object_id)
print(json.dumps({"changed": changed, "refused": refusal, "again": again == refusal, "deleted": deleted, "gone": gone[0]}))
