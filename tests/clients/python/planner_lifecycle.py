"""Plans, buckets, tasks and details are made, listed, changed and deleted by the library's own methods."""

import json
from datetime import datetime

from planner import connect, item

_, planner = connect()
said = {}

plan = planner.create_plan("group-1", "Move")
bucket = plan.create_bucket("To do")
assigned = {"ada": {"@odata.type": "microsoft.graph.plannerAssignment", "orderHint": " !"}}
task = bucket.create_task("Paint", priority=3, due_date_time=datetime(2026, 12, 1))
other = bucket.create_task("Pack", assignments=assigned)

said["plan"] = [plan.title, plan.group_id, planner.get_plan_by_id(plan.object_id).title]
said["task"] = [task.title, task.priority, str(task.due_date_time.year), task.percent_complete]
said["lists"] = [
    [one.title for one in planner.list_group_plans("group-1")],
    [one.name for one in plan.list_buckets()],
    [one.title for one in plan.list_tasks()],
    [one.title for one in bucket.list_tasks()],
    [one.title for one in planner.get_my_tasks()],
    [one.title for one in planner.list_user_tasks("ada")],
]

said["updates"] = [
    plan.update(title="Moving"),
    bucket.update(name="Doing"),
    task.update(title="Paint it", percent_complete=100),
    plan.get_details().update(category_descriptions={"category1": "Urgent"}),
    task.get_details().update(
        description="White",
        checklist={"a": item("Buy"), "b": item("Paint")},
        references={"https://contoso.com/colours": {"alias": "Colours", "type": "Other"}},
    ),
]
read = planner.get_task_by_id(task.object_id)
details = read.get_details()
said["read"] = [
    planner.get_plan_by_id(plan.object_id).title,
    planner.get_bucket_by_id(bucket.object_id).name,
    read.title,
    read.percent_complete,
    read.completed_date is not None,
    read.has_description,
    read.checklist_item_count,
    read.reference_count,
    details.description,
    sorted(details.checklist),
    sorted(details.references),
]

# The answer to an update has the next tag, so that one may follow another.
said["chained"] = [read.update(title=f"Paint {number}") for number in range(3)]
said["deleted"] = [read.delete(), planner.get_task_by_id(other.object_id).delete()]
said["left"] = len(plan.list_tasks())
bucket, plan = planner.get_bucket_by_id(bucket.object_id), planner.get_plan_by_id(plan.object_id)
said["gone"] = [bucket.delete(), plan.delete(), planner.list_group_plans("group-1")]
print(json.dumps(said))
