// client: asks the hub and holds every reply to its description: the status must be one that the operation has, the type
// of the content too, and the body must be of the schema. What was seen of each operation is remembered.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import http from "node:http";

const from = createRequire(`${process.env.API_PACKAGES}/package.json`);
const Ajv = from("ajv/dist/2020.js").default;
const formats = from("ajv-formats").default;
export const SwaggerParser = from("@apidevtools/swagger-parser").default ?? from("@apidevtools/swagger-parser");

export const doc = JSON.parse(readFileSync(new URL("../../core/serve/openapi.json", import.meta.url), "utf8"));
const ajv = new Ajv({ strict: true, strictTypes: false, strictTuples: false, strictRequired: false, allErrors: true });
formats(ajv);
ajv.addVocabulary(["example", "components"]);
// Schemas of the document point into it with #/...; here it has a name.
const located = (schema) => JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"doc#/'));
ajv.addSchema({ $id: "doc", components: located({ schemas: doc.components.schemas }) });
const compiled = new Map();
export function problemsOf(schema, value) {
	const key = JSON.stringify(schema);
	if (!compiled.has(key)) compiled.set(key, ajv.compile(located(schema)));
	const check = compiled.get(key);
	return check(value) ? null : ajv.errorsText(check.errors, { separator: "; " }).slice(0, 1000);
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 8 });
export const seen = new Map(); // operationId -> Set of statuses

export class Mismatch extends Error {}

// One request, raw: {status, headers, text}. `who`: {socket} or {port, headers}.
export function raw(who, method, path, { body, headers = {} } = {}) {
	return new Promise((resolve, reject) => {
		const sent = body === undefined ? undefined : typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body);
		const request = http.request(
			{
				agent, method, path, timeout: 60000,
				...(who.socket ? { socketPath: who.socket } : { host: "127.0.0.1", port: who.port }),
				headers: { ...(sent === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(sent) }), ...who.headers, ...headers },
			},
			(reply) => {
				const parts = [];
				reply.on("data", (part) => parts.push(part));
				reply.on("end", () => resolve({ status: reply.statusCode, headers: reply.headers, text: Buffer.concat(parts).toString("utf8") }));
			},
		);
		request.on("timeout", () => request.destroy(new Error(`${method} ${path}: no answer in a minute`)));
		request.on("error", reject);
		request.end(sent);
	});
}

const deref = (thing) => (thing?.$ref ? thing.$ref.slice(2).split("/").reduce((at, key) => at[key], doc) : thing);

export function pathOf(template, args = {}, query = {}) {
	const path = template.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(args[name]));
	const pairs = Object.entries(query).flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map((one) => `${encodeURIComponent(name)}=${encodeURIComponent(one)}`));
	return pairs.length ? `${path}?${pairs.join("&")}` : path;
}

// Holds a reply to the operation of a template.
export function judge(method, template, reply, where) {
	const operation = doc.paths[template]?.[method.toLowerCase()];
	if (!operation) throw new Mismatch(`${method} ${template} is not in openapi.json`);
	const described = deref(operation.responses[reply.status] ?? (reply.status >= 400 ? operation.responses.default : null));
	const told = `${where}: ${reply.status} ${reply.text.slice(0, 300)}`;
	if (!described) throw new Mismatch(`${told}\n  is a status that ${operation.operationId} does not have`);
	const type = (reply.headers["content-type"] ?? "").split(";")[0];
	const content = described.content?.[type];
	if (!content) throw new Mismatch(`${told}\n  is of type "${type}", not ${Object.keys(described.content ?? {})}`);
	if (!type.endsWith("json")) return null;
	const body = JSON.parse(reply.text);
	const wrong = problemsOf(content.schema, body);
	if (wrong) throw new Mismatch(`${told}\n  is not as described: ${wrong}`);
	if (reply.status >= 400 && body.status !== reply.status) throw new Mismatch(`${told}\n  says another status in its body`);
	if (!seen.has(operation.operationId)) seen.set(operation.operationId, new Set());
	seen.get(operation.operationId).add(reply.status);
	return body;
}

// Asks, and gives the body. `expect`: the status; absent: a good one.
export async function ask(who, method, template, { args, query, body, headers, expect } = {}) {
	const path = pathOf(template, args, query);
	const reply = await raw(who, method, path, { body, headers });
	const got = judge(method, template, reply, `${method} ${path}`);
	if (expect ? reply.status !== expect : reply.status >= 300) throw new Mismatch(`${method} ${path}: ${reply.status} instead of ${expect ?? "a good status"}: ${reply.text.slice(0, 500)}`);
	return { ...got, $: reply };
}

export const operations = Object.entries(doc.paths).flatMap(([template, methods]) =>
	Object.entries(methods).map(([method, operation]) => ({ template, method: method.toUpperCase(), ...operation })));
