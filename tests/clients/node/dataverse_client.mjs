// What the stories of dynamics-web-api share: a client of the server that the first argument names, and words for outcomes.

import { DynamicsWebApi } from "dynamics-web-api";

export const api = () => new DynamicsWebApi({ serverUrl: process.argv[2], dataApi: { version: "9.2" } });

export const account = (key) => ({ collection: "accounts", key });

/** What a call gave back or threw, as JSON can say it. */
export async function outcome(call) {
  try {
    const value = await call();
    return { returned: value === undefined ? "undefined" : value };
  } catch (error) {
    return { threw: Array.isArray(error) ? error.map(fault) : fault(error) };
  }
}

const fault = (error) => {
  const { code, message } = error.error ?? error;
  return { status: error.status, code, message };
};

export const say = (seen) => console.log(JSON.stringify(seen));
