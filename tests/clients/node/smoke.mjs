// Imports the client library and writes its version.

import { readFile } from "node:fs/promises";

import { DynamicsWebApi } from "dynamics-web-api";

new DynamicsWebApi({ serverUrl: "http://127.0.0.1:1", dataApi: { version: "9.2" } });

const manifest = new URL("../node_modules/dynamics-web-api/package.json", import.meta.url);
const { name, version } = JSON.parse(await readFile(manifest, "utf8"));
console.log(JSON.stringify({ [name]: version }));
