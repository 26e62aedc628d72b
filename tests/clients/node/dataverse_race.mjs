// Many clients raise one number at once, each under the version that it read: none is lost, with bounded back-off.

import { account, api, say } from "./dataverse_client.mjs";

const WRITERS = 8;
const TRIES = 200;

const id = await api().create({ collection: "accounts", data: { numberofemployees: 0 } });
const pause = (tries) => new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(50, 2 ** tries)));

async function increment(crm) {
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const { numberofemployees, "@odata.etag": ifmatch } = await crm.retrieve(account(id));
    const data = { numberofemployees: numberofemployees + 1 };
    if (await crm.update({ ...account(id), data, ifmatch })) return tries;
    await pause(tries);
  }
  throw new Error("others were always faster");
}

const tries = await Promise.all(Array.from({ length: WRITERS }, () => increment(api())));

// The same under one version that all of them hold: one succeeds.
const { "@odata.etag": held } = await api().retrieve(account(id));
const saved = await Promise.all(
  Array.from({ length: 32 }, (_, at) => api().update({ ...account(id), data: { name: `writer ${at}` }, ifmatch: held })),
);

say({
  sum: (await api().retrieve(account(id))).numberofemployees,
  hadToTryAgain: tries.some((count) => count > 1),
  winners: saved.filter(Boolean).length,
});
