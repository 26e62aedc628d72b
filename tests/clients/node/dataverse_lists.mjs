// Pages, rows within rows, and what the library asks of metadata.

import { account, api, say } from "./dataverse_client.mjs";

const crm = api();
const owner = await crm.create({ collection: "accounts", data: { name: "Contoso", revenue: 5 } });
const contacts = [];
for (const lastname of ["Ada", "Bob", "Cyd"]) {
  const data = { lastname, "parentcustomerid_account@odata.bind": `accounts(${owner})` };
  contacts.push(await crm.create({ collection: "contacts", data }));
}

const first = await crm.retrieveMultiple({ collection: "contacts", select: ["lastname"], maxPageSize: 2 });
const second = await crm.retrieveMultiple({ collection: "contacts", maxPageSize: 2 }, first.oDataNextLink);
const names = [first, second].map((page) => page.value.map((row) => row.lastname));

const row = await crm.retrieve({
  ...account(owner),
  select: ["name"],
  expand: [{ property: "contact_customer_accounts", select: ["lastname"] }],
});
const within = row.contact_customer_accounts;
const alone = await Promise.all(contacts.map((key) => crm.retrieve({ collection: "contacts", key, select: ["lastname"] })));
const tags = (rows) => rows.map((one) => one["@odata.etag"]);

const annotated = await crm.retrieve({ collection: "contacts", key: contacts[0], includeAnnotations: "*" });
const definition = await crm.retrieveEntity({ key: "LogicalName='account'", select: ["IsOptimisticConcurrencyEnabled"] });

say({
  names,
  isLastPage: second.oDataNextLink === undefined,
  sameTags: JSON.stringify(tags(within)) === JSON.stringify(tags(alone)) && tags(alone).every(Boolean),
  listTags: JSON.stringify(tags([...first.value, ...second.value])) === JSON.stringify(tags(alone)),
  parent: annotated._parentcustomerid_value_LogicalName,
  isConcurrencyEnabled: definition.IsOptimisticConcurrencyEnabled,
});
