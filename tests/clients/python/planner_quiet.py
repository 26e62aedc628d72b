"""Told to raise nothing, the library says False where the service refuses."""

import json

from planner import bucket_in, connect

_, planner = connect(raise_http_errors=False)
task = bucket_in(planner).create_task("Paint")
stale = planner.get_task_by_id(task.object_id)
said = [task.get_details().update(description="White"), stale.delete(), task.update(title="a"), stale.update(title="b")]
print(json.dumps(said))
