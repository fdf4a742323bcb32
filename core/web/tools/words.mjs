// words: the three languages have the same keys, of the same shape, and the same {names}: node words.mjs FOLDER
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const folder = resolve(process.argv[2]);
const languages = readdirSync(folder).filter((f) => f.endsWith(".js"));
const words = {};
for (const file of languages) words[file] = (await import(pathToFileURL(join(folder, file)))).default;

// A text, or its plural forms: {one, other}.
const names = (text) =>
	[...new Set((typeof text === "string" ? text : text.other).match(/\{\w+\}/g) ?? [])].sort().join(" ");
const complaints = [];
const first = words[languages[0]];
for (const file of languages) {
	const own = words[file];
	for (const key of Object.keys(first)) if (!(key in own)) complaints.push(`${file} lacks "${key}"`);
	for (const key of Object.keys(own)) {
		if (!(key in first)) complaints.push(`${file} has "${key}", which ${languages[0]} lacks`);
		else if (names(own[key]) !== names(first[key])) complaints.push(`${file} names other things in "${key}"`);
		if (typeof own[key] !== "string" && typeof own[key]?.other !== "string") complaints.push(`${file}: "${key}" is no text`);
	}
}
for (const complaint of complaints) console.error(`core/web/words: ${complaint}`);
process.exit(complaints.length ? 1 : 0);
