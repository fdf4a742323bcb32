// odd: whatever is sent, the hub answers with a reply of its description, and never with a status of 500 or more: ids,
// numbers, cursors, queries and bodies that no client sends on purpose. The order is chosen by a seed that is printed.
import assert from "node:assert/strict";
import { doc, judge, operations, raw } from "./client.mjs";

const seed = Number(process.env.API_SEED ?? Date.now() % 1000000);
let state = seed;
function dice(n) { // mulberry32
	state = (state + 0x6d2b79f5) | 0;
	let t = Math.imul(state ^ (state >>> 15), 1 | state);
	t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
	return ((t ^ (t >>> 14)) >>> 0) % n;
}
const pick = (list) => list[dice(list.length)];

// As they stand in the URL.
const IDS = ["0", "-1", "1", "2", "7", "c1", "999999999", "9223372036854775807", "9223372036854775808", "99999999999999999999999", "1.5", "1e3", "0x1", "abc", "%20", "+1", "%ff%fe", "%00", "1%00", "..", "%2e%2e", "%2f", "null", "a".repeat(3000), "%F0%9F%90%9F", "meri", "crm", "1;drop", "%25s%25n"];
const NUMBERS = ["0", "-1", "1", "3", "4294967295", "4294967296", "99999999999999999999", "abc", "", "1.5", "%ff", "true", "0x10", " 1", "%201"];
const TEXTS = ["", "a", "%22", "((((((", "-", "%22a", "a%20OR%20", "*", "kind:", "kind:x", "customer:c1", "source:crm%20-pumppu", "after:9999999", "%ff%fe", "%00", "%E2%80%AE", "a%0Ab", "%27%20OR%201=1--", "x".repeat(5000), "%F0%9F%90%9F", "ä".repeat(600), "%ED%A0%80", "NEAR(a%20b)", "title:a", "%5E", "a%20".repeat(800), "2026", "2026-02-30", "last:90d", "%01a"];
const CURSORS = ["", "a", "AAAA", "A".repeat(54), "A".repeat(53), "_".repeat(54), "-".repeat(54), "A".repeat(5000), "%ff", "null", "===="];
const JSONS = [undefined, "", "{", "[]", "null", "5", '"x"', "true", "{}", '{"a":1,"a":2}', "{\"what\":null}", "\u0000", "[".repeat(3000), '{"x":"\\ud800"}', '{"x":"\\u0000"}', `{"x":"${"y".repeat(300000)}"}`, Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), '{"x":1e400}', '{"x":123456789012345678901234567890}'];
const VALUES = [null, true, false, 0, -1, 1, 1.5, 9007199254740993, "", "x", "ä".repeat(400), "y".repeat(3000), [], [null], [1, "a", {}], {}, { a: { b: {} } }, "\u202e", "1", [[]], ["read"], ["root", 1]];

const MOST_BODY = 256 << 10; // longer ones are not read to their end: the hub may hang up while we still write

const valuesFor = (parameter) => {
	if (parameter.name === "cursor") return CURSORS;
	const type = (parameter.schema.items ?? parameter.schema).type;
	return type === "integer" ? NUMBERS : [...TEXTS, ...IDS];
};
const deref = (thing) => (thing?.$ref ? thing.$ref.slice(2).split("/").reduce((at, key) => at[key], doc) : thing);

function queryOf(operation) {
	const pairs = [];
	for (const parameter of (operation.parameters ?? []).map(deref).filter((p) => p.in === "query")) {
		if (dice(3) === 0) pairs.push(`${parameter.name}=${pick(valuesFor(parameter))}`);
		if (dice(12) === 0) pairs.push(`${parameter.name}=${pick(valuesFor(parameter))}`);
	}
	if (dice(10) === 0) pairs.push(pick(["x", "x=", "=", "&", "q", "n", "%", "%zz=1", "q=%", "n=%e"]));
	return pairs.length ? `?${pairs.join("&")}` : "";
}

// A body with some of the properties that the operation knows, of any type.
function bodyOf(operation) {
	const schema = deref(operation.requestBody?.content["application/json"].schema);
	if (!schema) return dice(4) === 0 ? pick(JSONS) : undefined;
	if (dice(4) === 0) return pick(JSONS);
	const body = {};
	for (const name of Object.keys(schema.properties)) if (dice(2)) body[name] = pick(VALUES);
	if ("what" in schema.properties && dice(3)) {
		const forms = deref(schema.properties.what).oneOf;
		const form = pick(forms);
		body.what = { kind: form.properties.kind.const };
		for (const name of Object.keys(form.properties)) if (name !== "kind" && dice(4)) body.what[name] = pick([...VALUES, 1, 2, 3, [1], [5, 6]]);
		body.preview = true;
	}
	return JSON.stringify(body);
}

// These would end what the test stands on, or wait for long.
const LEFT_OUT = new Set(["events", "logout", "login", "enter", "removeUser", "check"]);

async function one(who, operation) {
	const written = operation.template.replace(/\{\w+\}/g, () => pick(IDS)) + queryOf(operation);
	const path = written.replace(/[^\x21-\x7e]/gu, encodeURIComponent); // Node sends no others
	const body = operation.method === "GET" ? undefined : bodyOf(operation);
	const where = `${operation.method} ${path.slice(0, 200)} ${String(body ?? "").slice(0, 200)} (API_SEED=${seed})`;
	const reply = await raw(who, operation.method, path, { body }).catch((error) => {
		if (Buffer.byteLength(body ?? "") > MOST_BODY && ["EPIPE", "ECONNRESET"].includes(error.code)) return { status: 413, headers: {}, text: "" };
		throw new Error(`${where}: ${error.message}`);
	});
	assert.ok(reply.status < 500, `${where}: ${reply.status} ${reply.text.slice(0, 500)}`);
	if (reply.headers["content-type"] === undefined) return reply.status;
	// An odd id may lead to another route, or to none.
	if (reply.status < 400 || reply.headers["content-type"].startsWith("application/problem+json")) {
		try {
			judge(operation.method, operation.template, reply, where);
		} catch (error) {
			if (!/%2f|\.\.|%2e/i.test(path)) throw error;
		}
	}
	return reply.status;
}

export async function odd(admin, others, times) {
	const tried = operations.filter((o) => !LEFT_OUT.has(o.operationId));
	const statuses = {};
	for (let i = 0; i < times; i++)
		for (const operation of tried) {
			const status = await one(dice(5) ? admin : pick(others), operation);
			statuses[status] = (statuses[status] ?? 0) + 1;
		}
	return `${times * tried.length} requests, seed ${seed}: ${Object.entries(statuses).map(([s, n]) => `${n} × ${s}`).join(", ")}`;
}
