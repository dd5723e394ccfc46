// Says what Discord's own description of its API has against messages and modals, and how a reader of its Markdown
// takes texts. In: {"messages": [], "modals": [], "texts": []} on stdin; out: the same names with what was found.

import { readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const { parse } = createRequire(import.meta.url)("discord-markdown-parser");

// The package's file is a module by another name, and lets unknown fields pass.
const installed = new URL("./node_modules/discord-api-spec/build/", import.meta.url);
const strict = new URL(`strict-${process.pid}.mjs`, installed);
const source = readFileSync(new URL("discord-api-spec.zod.js", installed), "utf8");
writeFileSync(strict, source.replace("let zObject = z.object;", "let zObject = z.strictObject;"));
const discord = await import(strict);
unlinkSync(strict);

const against = (schema) => (value) => {
  const found = schema.safeParse(value);
  return found.success ? "" : JSON.stringify(found.error.issues);
};

const asked = JSON.parse(readFileSync(0, "utf8"));
const found = {
  messages: asked.messages.map(against(discord.MessageCreateRequestSchema)),
  modals: asked.modals.map(against(discord.ModalInteractionCallbackRequestDataSchema)),
  texts: asked.texts.map((text) => parse(text, "extended")),
};
process.stdout.write(JSON.stringify(found));
