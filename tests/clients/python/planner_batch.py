"""The second way out: the change and the delete in one batch. The library has no batches, so its session sends this one."""

import json

from planner import URL, bucket_in, connect

account, planner = connect()
bucket = bucket_in(planner)


def change_and_delete(**more):
    task = bucket.create_task("Paint")
    details = task.get_details()
    path = f"/planner/tasks/{task.object_id}"
    change = {
        "id": "1",
        "method": "PATCH",
        "url": f"{path}/details",
        "headers": {
            "If-Match": details._etag,
            "Prefer": "return=representation",
            "Content-Type": "application/json",
        },
        "body": {"description": "White"},
        **more,
    }
    delete = {"id": "2", "method": "DELETE", "url": path, "headers": {"If-Match": task._etag}, **more}
    answer = account.con.session.post(f"{URL}/v1.0/$batch", json={"requests": [change, delete]})
    answers = sorted(answer.json()["responses"], key=lambda one: one["id"])
    return [one["status"] for one in answers]


print(json.dumps({"alone": change_and_delete(), "together": change_and_delete(atomicityGroup="g")}))
