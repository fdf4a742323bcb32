// document: openapi.json is a right OpenAPI 3.1 document, its examples are of its schemas, and it has the very routes of
// the table in core/serve/routes.c, with the same needs.
import { readFileSync } from "node:fs";
import assert from "node:assert/strict";
import { SwaggerParser, doc, operations, problemsOf, raw } from "./client.mjs";

const NEEDS = { NOBODY: "nobody", READ: "read", WRITE: "write", ADMIN: "admin" };

// {"GET /api/v1/records/*": "read", ...} out of the C table.
function table() {
	const text = readFileSync(new URL("../../core/serve/routes.c", import.meta.url), "utf8");
	const rows = [...text.matchAll(/\{\s*"(GET|POST|PATCH|PUT|DELETE)",\s*"([^"]+)",\s*(\w+),\s*(\w+),/g)];
	return Object.fromEntries(rows.map(([, method, path, , need]) => [`${method} ${path}`, NEEDS[need]]));
}

function examples(operation) {
	const all = [];
	for (const content of [operation.requestBody, ...Object.values(operation.responses)].map((r) => r?.content?.["application/json"]))
		if (content && "example" in content) all.push([content.schema, content.example]);
	return all;
}

export async function document(admin) {
	await SwaggerParser.validate(structuredClone(doc));
	const served = JSON.parse((await raw(admin, "GET", "/api/v1/openapi.json")).text);
	assert.deepEqual(served, doc, "the hub serves another openapi.json than the one in core/serve");

	const routes = table();
	assert.ok(Object.keys(routes).length >= 40, "the table of routes.c was not read");
	const described = Object.fromEntries(operations.map((o) => [`${o.method} ${o.template.replace(/\{\w+\}/g, "*")}`, o["x-need"]]));
	assert.deepEqual(described, routes, "openapi.json and the table in routes.c differ");

	const ids = operations.map((o) => o.operationId);
	assert.equal(new Set(ids).size, ids.length, "an operationId is there twice");
	let n = 0;
	for (const operation of operations)
		for (const [schema, example] of examples(operation)) {
			assert.equal(problemsOf(schema, example), null, `an example of ${operation.operationId}`);
			n++;
		}
	return `${ids.length} operations, ${n} examples`;
}
