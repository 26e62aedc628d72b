// Each call of dynamics-web-api that takes a condition, met and not met.

import { account, api, outcome, say } from "./dataverse_client.mjs";

const crm = api();
const seen = {};

const id = await crm.create({ collection: "accounts", data: { name: "Contoso" } });
seen.created = id;
const represented = await crm.create({ collection: "accounts", data: { name: "Other" }, returnRepresentation: true });
seen.representation = represented;
seen.duplicate = await outcome(() => crm.create({ collection: "accounts", data: { accountid: id } }));

const first = await crm.retrieve({ ...account(id), select: ["name"] });
seen.first = first;
const tag = first["@odata.etag"];
seen.known = await outcome(() => crm.retrieve({ ...account(id), ifnonematch: tag }));
seen.sentinel = (await crm.retrieve({ ...account(id), select: ["name"], ifnonematch: "null" })).name;
seen.expanded = (await crm.retrieve({
  ...account(id), select: ["name"], expand: [{ property: "primarycontactid" }], ifnonematch: tag,
})).name;
seen.annotated = (await crm.retrieve({ ...account(id), includeAnnotations: "*", ifnonematch: tag })).name;

const absent = account("00000000-0000-0000-0000-0000000000aa");
const data = { name: "Fabrikam" };
seen.updated = await outcome(() => crm.update({ ...account(id), data }));
seen.updatedAbsent = await outcome(() => crm.update({ ...absent, data }));
seen.updatedStale = await outcome(() => crm.update({ ...account(id), data, ifmatch: tag }));
const current = (await crm.retrieve(account(id)))["@odata.etag"];
seen.updatedCurrent = await outcome(() => crm.update({ ...account(id), data, ifmatch: current }));

seen.upsertedOnlyNew = await outcome(() => crm.upsert({ ...account(id), data, ifnonematch: "*" }));
seen.upsertedOnlyOld = await outcome(() => crm.upsert({ ...absent, data, ifmatch: "*" }));
seen.upsertedStale = await outcome(() => crm.upsert({ ...account(id), data, ifmatch: tag }));
seen.upsertedOld = await outcome(() => crm.upsert({ ...account(id), data }));
seen.upsertedNew = await outcome(() => crm.upsert({ ...absent, data, ifnonematch: "*" }));
seen.bothRefusedByTheLibrary =
  await outcome(() => crm.upsert({ ...account(id), data, ifmatch: tag, ifnonematch: "*" })).then(({ threw }) => !!threw);

seen.propertySet = await outcome(() => crm.updateSingleProperty({ ...account(id), fieldValuePair: { name: "Northwind" } }));
seen.propertyIs = (await crm.retrieve({ ...account(id), select: ["name"] })).name;

seen.deletedStale = await outcome(() => crm.deleteRecord({ ...account(id), ifmatch: tag }));
const last = (await crm.retrieve(account(id)))["@odata.etag"];
seen.deletedCurrent = await outcome(() => crm.deleteRecord({ ...account(id), ifmatch: last }));
seen.deletedAgain = await outcome(() => crm.deleteRecord(account(id)));

const note = await crm.create({ collection: "annotations", data: { subject: "call" } });
seen.withoutConcurrency = await outcome(
  () => crm.update({ collection: "annotations", key: note, data: { subject: "mail" }, ifmatch: tag }),
);

say(seen);
