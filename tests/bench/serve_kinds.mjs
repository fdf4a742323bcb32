// One question at a time, of each kind: node serve_kinds.mjs URL QUERIES TOKEN. What it takes without a queue before it.
import http from "node:http";
import { readFileSync } from "node:fs";

const [url, queries, token] = process.argv.slice(2);
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const once = (path) =>
	new Promise((resolve, reject) => {
		const begin = performance.now();
		http.get(url + path, { agent, headers: { Authorization: `Bearer ${token}` } }, (reply) => {
			let text = "";
			reply.on("data", (part) => (text += part));
			reply.on("end", () => (reply.statusCode === 200 ? resolve(performance.now() - begin) : reject(new Error(`${path}: ${text}`))));
		}).on("error", reject);
	});

const kinds = new Map();
for (const line of readFileSync(queries, "utf8").trim().split("\n")) {
	const [kind, path] = line.split("\t");
	if (!kinds.has(kind)) kinds.set(kind, []);
	kinds.get(kind).push({ path, took: await once(path) });
}
const at = (list, part) => list[Math.min(list.length - 1, Math.floor(list.length * part))].took.toFixed(1).padStart(8);
for (const [kind, list] of kinds) {
	list.sort((a, b) => a.took - b.took);
	console.log(`  ${kind.padEnd(14)}${at(list, 0.5)}${at(list, 0.99)}   ${decodeURIComponent(list.at(-1).path.replace("/api/v1/find?q=", "")).slice(0, 60)}`);
}
agent.destroy();
