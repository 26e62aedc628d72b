"""Groups: a name is there once, and members know of their group by their own tags."""

import json

from googleapiclient.errors import HttpError

from contacts import change, create, people, refused_once

groups = people.contactGroups()
seen = {}


def named(name):
    return {"contactGroup": {"name": name}}


family = groups.create(body=named("Family")).execute()
try:
    groups.create(body=named("family")).execute()
except HttpError as error:
    seen["duplicate"] = [error.status_code, error.reason]
seen["retried"] = refused_once(groups.create(body=named("FAMILY")))

ada = create("Ada")
members = {"resourceNamesToAdd": [ada["resourceName"]]}
groups.members().modify(resourceName=family["resourceName"], body=members).execute()
try:
    change(ada, "lost").execute()
except HttpError as error:
    seen["tag of a member"] = error.status_code
listed = groups.get(resourceName=family["resourceName"], maxMembers=5).execute()
seen["members"] = listed["memberResourceNames"] == [ada["resourceName"]]

renamed = groups.update(resourceName=family["resourceName"], body=named("Kin")).execute()
seen["renamed"] = [renamed["name"], renamed["etag"] != family["etag"]]
seen["deleted"] = groups.delete(resourceName=family["resourceName"]).execute()
people.people().deleteContact(resourceName=ada["resourceName"]).execute()
try:
    people.people().deleteContact(resourceName=ada["resourceName"]).execute()
except HttpError as error:
    seen["gone"] = error.status_code
print(json.dumps(seen))
