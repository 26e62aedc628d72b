"""Two clients that have read the same version: changes of different properties are both accepted, those of one are not."""

import json

from planner import bucket_in, connect, item, refused

_, planner = connect()
_, elsewhere = connect()
task = bucket_in(planner).create_task("Paint")
said = {}


def both_read():
    return planner.get_task_by_id(task.object_id), elsewhere.get_task_by_id(task.object_id)


mine, theirs = both_read()
said["disjoint"] = [mine.update(title="Paint it"), theirs.update(priority=1)]
read = planner.get_task_by_id(task.object_id)
said["merged"] = [read.title, read.priority]

mine, theirs = both_read()
said["overlapping"] = [mine.update(title="Mine"), refused(theirs.update, title="Theirs")]
said["stays"] = planner.get_task_by_id(task.object_id).title

mine, theirs = (one.get_details() for one in both_read())
said["items"] = [mine.update(checklist={"a": item("one")}), theirs.update(checklist={"b": item("two")})]
said["checklist"] = sorted(planner.get_task_by_id(task.object_id).get_details().checklist)
print(json.dumps(said))
