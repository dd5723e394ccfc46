// Says what Discord's own description of its API has against answers. In: [{"schema", "value"}] on stdin; out: for each,
// what was found.

import { readFileSync } from "node:fs";
import * as discord from "./node_modules/discord-api-spec/build/discord-api-spec.zod.js";

// Discord writes times with an offset, which the description's reader does not take.
const asked = JSON.parse(readFileSync(0, "utf8").replaceAll("+00:00", "Z"));
const found = asked.map(({ schema, value }) => {
  const judged = discord[`${schema}Schema`].safeParse(value);
  return judged.success ? "" : JSON.stringify(judged.error.issues);
});
process.stdout.write(JSON.stringify(found));
