// paging: a list read page by page is the list read at once: nothing twice, nothing missing, and a cursor of one list is
// refused by every other.
import assert from "node:assert/strict";
import { ask } from "./client.mjs";

const A = "/api/v1";
const MOST = 2000;

async function pages(admin, template, { args, query = {} }, key, n) {
	const all = [];
	let cursor = null;
	for (let page = 0; page < MOST; page++) {
		const got = await ask(admin, "GET", template, { args, query: { ...query, n, ...(cursor ? { cursor } : {}) } });
		assert.ok(got[key].length <= n, `${template}: ${got[key].length} of ${n}`);
		all.push(...got[key]);
		cursor = got.cursor;
		if (!cursor) return all;
	}
	throw new Error(`${template}: no end after ${MOST} pages`);
}

// `plain`: who asks is no admin, and some lists are not for them.
export async function paging(admin, plain = false) {
	const { customers } = await ask(admin, "GET", `${A}/customers`, { query: { q: "Meriharjun Meijeri" } });
	const id = customers[0].id;
	const { hits } = await ask(admin, "GET", `${A}/find`, { query: { q: "kind:comment", n: 1 } });
	const all = [
		[`${A}/customers`, {}, "customers", (c) => c.id],
		[`${A}/customers/{id}/timeline`, { args: { id } }, "records", (r) => r.id],
		[`${A}/customers/{id}/timeline`, { args: { id }, query: { q: "pumppu", kind: ["message", "note"] } }, "records", (r) => r.id],
		[`${A}/find`, { query: { q: "pumppu" } }, "hits", (h) => h.id],
		[`${A}/find`, { query: { q: "huolto", sort: "newest", kind: ["message", "ticket"] } }, "hits", (h) => h.id],
		[`${A}/find`, { query: { q: "" } }, "hits", (h) => h.id],
		[`${A}/records/{id}/thread`, { args: { id: hits[0].id } }, "records", (r) => r.id],
		[`${A}/suggestions`, {}, "suggestions", (s) => `${s.customer} ${s.other} ${s.record}`],
		[`${A}/unmatched`, {}, "unmatched", (u) => `${u.kind} ${u.value}`],
		[`${A}/decisions`, {}, "decisions", (d) => d.id],
		[`${A}/sources/{name}/runs`, { args: { name: "crm" } }, "runs", (r) => r.id],
		[`${A}/sources/{name}/failures`, { args: { name: "notes" } }, "failures", (f) => f.id],
		[`${A}/audit`, { query: { before: new Date(Date.now() - 1000).toISOString() } }, "entries", (e) => e.id],
	];
	const lists = plain ? all.filter(([template]) => !/audit|sources/.test(template)) : all;
	const cursors = [];
	let rows = 0;
	for (const [template, asked, key, name] of lists) {
		const whole = (await pages(admin, template, asked, key, 200)).map(name);
		for (const n of [1, 3]) {
			if (n === 1 && whole.length > 100) continue;
			const bits = (await pages(admin, template, asked, key, n)).map(name);
			assert.deepEqual(bits, whole, `${template} ${JSON.stringify(asked)}, ${n} by ${n}`);
		}
		assert.equal(new Set(whole).size, whole.length, `${template}: something is there twice`);
		const first = await ask(admin, "GET", template, { ...asked, query: { ...asked.query, n: 1 } });
		if (first.cursor) cursors.push([template, asked, first.cursor]);
		rows += whole.length;
	}
	for (const [template, asked] of lists)
		for (const [, other, cursor] of cursors)
			if (other !== asked) await ask(admin, "GET", template, { ...asked, query: { ...asked.query, cursor }, expect: 400 });
	return `${lists.length} lists, ${rows} rows, ${cursors.length} cursors`;
}
