// Two people edit one account: what the second is told, and each way out.

import { account, api, outcome, say } from "./dataverse_client.mjs";

const [ada, bob] = [api(), api()];
const seen = {};

/** An account that both have read, and that Ada has saved since. */
async function conflict() {
  const id = await ada.create({ collection: "accounts", data: { name: "Contoso", telephone1: "1", revenue: 1 } });
  const read = { ...account(id), select: ["name", "telephone1", "revenue"] };
  const [adas, bobs] = [await ada.retrieve(read), await bob.retrieve(read)];
  const saved = await ada.update({ ...account(id), data: { telephone1: "2" }, ifmatch: adas["@odata.etag"] });
  return { id, read, bobs, saved };
}

const show = async ({ id, read }) => {
  const { name, telephone1, revenue } = await ada.retrieve(read);
  return { name, telephone1, revenue };
};

// As reported: the second update is refused, and nothing of the first is lost.
{
  const edit = await conflict();
  seen.first = edit.saved;
  seen.second = await bob.update({ ...account(edit.id), data: { name: "Bob's" }, ifmatch: edit.bobs["@odata.etag"] });
  seen.kept = await show(edit);
}

// Without a version the last one wins, where the library sends `*` by itself, and Ada's number is lost.
{
  const edit = await conflict();
  const { name, telephone1 } = { ...edit.bobs, name: "Bob's" };
  seen.lastOneWins = await bob.update({ ...account(edit.id), data: { name, telephone1 } });
  seen.lost = await show(edit);
}

// Read again, merge, and save under the version that was just read.
{
  const edit = await conflict();
  let base = edit.bobs;
  const mine = { ...base, revenue: base.revenue + 10 };
  let tries = 0;
  for (let saved = false; !saved; tries += 1) {
    const changed = Object.keys(mine).filter((column) => !column.startsWith("@") && mine[column] !== edit.bobs[column]);
    const data = Object.fromEntries(changed.map((column) => [column, mine[column]]));
    saved = await bob.update({ ...account(edit.id), data, ifmatch: base["@odata.etag"] });
    if (!saved) base = await bob.retrieve(edit.read);
  }
  seen.mergeTries = tries;
  seen.merged = await show(edit);
}

// The answer to a write has the next version, so a chain of writes needs no read.
{
  const edit = await conflict();
  let { "@odata.etag": tag } = await ada.retrieve(edit.read);
  for (const name of ["a", "b", "c"]) {
    const saved = await ada.update({ ...account(edit.id), data: { name }, ifmatch: tag, returnRepresentation: true });
    tag = saved["@odata.etag"];
  }
  seen.chained = (await show(edit)).name;
}

// Deleted meanwhile: an update never brings the row back, an upsert under its version neither.
{
  const edit = await conflict();
  await ada.deleteRecord(account(edit.id));
  const write = { ...account(edit.id), data: { name: "Bob's" }, ifmatch: edit.bobs["@odata.etag"] };
  seen.updateOfDeleted = await outcome(() => bob.update(write));
  seen.upsertOfDeleted = await outcome(() => bob.upsert(write));
  seen.stillDeleted = await outcome(() => bob.retrieve(edit.read));
}

say(seen);
