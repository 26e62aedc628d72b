// Several writes that happen together, or not at all: a batch with a change set.

import { account, api, outcome, say } from "./dataverse_client.mjs";

const crm = api();
const seen = {};
const create = (name) => crm.create({ collection: "accounts", data: { name } });
const read = (id) => crm.retrieve({ ...account(id), select: ["name"] });
const names = async () => {
  const { value } = await crm.retrieveMultiple({ collection: "accounts", select: ["name"] });
  return value.map((row) => row.name);
};

async function together(calls, options) {
  crm.startBatch();
  calls.forEach((call) => call());
  return outcome(() => crm.executeBatch(options));
}

const [one, other] = [await create("one"), await create("other")];
const [oneRead, otherRead] = [await read(one), await read(other)];
const rename = (row, name, ifmatch) => () => crm.update({ ...account(row), data: { name }, ifmatch });

// Somebody else saves the second row; the change set holds its old version, so neither row changes, and none is made.
await api().update({ ...account(other), data: { name: "theirs" } });
seen.stale = await together([
  rename(one, "mine", oneRead["@odata.etag"]),
  () => crm.create({ collection: "accounts", data: { name: "never" } }),
  rename(other, "mine, too", otherRead["@odata.etag"]),
]);
seen.afterStale = await names();
seen.tagKept = (await read(one))["@odata.etag"] === oneRead["@odata.etag"];

// Read again, and send it again.
const again = await read(other);
seen.fresh = await together([
  rename(one, "mine", oneRead["@odata.etag"]),
  rename(other, "mine, too", again["@odata.etag"]),
]);
seen.afterFresh = await names();

// A row and what refers to it, by its id in the batch.
seen.linked = await together([
  () => crm.create({ collection: "accounts", data: { name: "parent" }, contentId: "1" }),
  () => crm.create({ collection: "contacts", data: { lastname: "Ada", "parentcustomerid_account@odata.bind": "$1" } }),
]);
const [parent, contact] = seen.linked.returned ?? [];
const child = await crm.retrieve({ collection: "contacts", key: contact });
seen.linkedTo = child._parentcustomerid_value === parent;

// Reads and writes outside of a change set: an error ends it, unless it is to go on.
const mixed = () => [
  () => crm.retrieve({ ...account(one), select: ["name"] }),
  () => crm.update({ ...account(one), data: { name: "late" }, ifmatch: oneRead["@odata.etag"], inChangeSet: false }),
  () => crm.create({ collection: "accounts", data: { name: "after" }, inChangeSet: false }),
];
seen.stopped = await together(mixed());
seen.afterStopped = (await names()).includes("after");
seen.wentOn = await together(mixed(), { continueOnError: true });
seen.afterWentOn = (await names()).includes("after");

say(seen);
