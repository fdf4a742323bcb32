// Queries out of the store's own words: node serve_queries.mjs STORE FOLDER. Writes FOLDER/queries, a path of the API a line, with
// the kind of question before it: 60 of each kind, drawn with a fixed seed from a sample of the records.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { random } from "./serve_random.mjs";

const [store, folder] = process.argv.slice(2);
const { below, one } = random(815);
const EACH = 60;

const rows = JSON.parse(execFileSync("sqlite3", ["-readonly", "-json", store, "SELECT text FROM record WHERE id % 89 = 0 AND length(text) > 80 LIMIT 1200"], { maxBuffer: 1 << 28 }).toString());
const sample = rows.map(({ text }) => text.toLowerCase().match(/\p{L}{3,}/gu) ?? []);
const holds = new Map(); // word -> records of the sample that hold it
for (const words of sample) for (const word of new Set(words)) holds.set(word, (holds.get(word) ?? 0) + 1);
const between = (low, high) => [...holds.keys()].filter((word) => holds.get(word) / sample.length >= low && holds.get(word) / sample.length <= high);
const rare = between(0, 0.003).filter((word) => word.length > 5);
const middle = between(0.005, 0.05);
const common = between(0.08, 1);
const companies = readFileSync(join(folder, "crm/accounts.csv"), "utf8").split("\n").slice(1, -1).map((line) => line.split('"')[1]);

// To them, in Finnish; the trades are those of serve_sources.mjs.
const TO = { Kuljetus: "Kuljetukselle", Huolto: "Huollolle", Telakka: "Telakalle", Rakennus: "Rakennukselle", Optiikka: "Optiikalle" };
const inflected = (name) => name.replace(/ Oy$/, "").replace(/\S+$/, (trade) => TO[trade] ?? `${trade}lle`);

const swapped = (word) => {
	const at = 1 + below(word.length - 2);
	return word.slice(0, at) + word[at + 1] + word[at] + word.slice(at + 2);
};
const filters = [() => "source=mail", () => "kind=message", () => `year=${2016 + below(9)}`, () => "source=mail&kind=message&year=2020", () => "sort=newest"];
const kinds = {
	rare: () => one(rare),
	common: () => one(common),
	words: () => `${one(middle)} ${one(middle)}`,
	"common words": () => `${one(common)} ${one(common)} ${one(middle)}`,
	phrase: () => {
		const words = one(sample);
		const at = below(Math.max(1, words.length - 2));
		return `"${words.slice(at, at + 2).join(" ")}"`;
	},
	prefix: () => `${one(middle).slice(0, 4)}*`,
	filtered: () => [one(below(2) ? middle : common), one(filters)()],
	customer: () => inflected(one(companies)),
	slip: () => swapped(one(rare)),
};
const lines = [];
for (const [kind, make] of Object.entries(kinds))
	for (let n = 0; n < EACH; n++) {
		const [query, filter] = [make()].flat();
		lines.push(`${kind.replace(" ", "-")}\t/api/v1/find?q=${encodeURIComponent(query)}&n=20${filter ? `&${filter}` : ""}`);
	}
// In no order, so that no thread has all of the slow ones.
for (let n = lines.length - 1; n > 0; n--) {
	const other = below(n + 1);
	[lines[n], lines[other]] = [lines[other], lines[n]];
}
writeFileSync(join(folder, "queries"), lines.join("\n") + "\n");
