// Prints how a reader of Discord's Markdown takes texts. In: a list of texts on stdin; out: a tree for each.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { parse } = createRequire(import.meta.url)("discord-markdown-parser");

const texts = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(texts.map((text) => parse(text, "extended"))));
