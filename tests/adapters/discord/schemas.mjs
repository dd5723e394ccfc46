// Prints Discord's own description of what its API takes as JSON schemas, by name.

import { readFileSync, unlinkSync, writeFileSync } from "node:fs";

// The package's file is a module by another name, and lets unknown fields pass.
const installed = new URL("./node_modules/discord-api-spec/build/", import.meta.url);
const strict = new URL(`strict-${process.pid}.mjs`, installed);
const source = readFileSync(new URL("discord-api-spec.zod.js", installed), "utf8");
writeFileSync(strict, source.replace("let zObject = z.object;", "let zObject = z.strictObject;"));
const discord = await import(strict);
const { toJSONSchema } = await import("./node_modules/zod/mini/index.js");
unlinkSync(strict);

const schemas = {};
for (const [name, schema] of Object.entries(discord)) {
  if (!/Request(Partial|Data)?Schema$/.test(name)) continue;
  try {
    schemas[name.replace(/Schema$/, "")] = toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  } catch (unrepresented) {
    console.error(`${name}: ${unrepresented.message}`);
  }
}
process.stdout.write(JSON.stringify(schemas));
