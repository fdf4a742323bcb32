// routes: every route is called as a client calls it, and its replies are held to their description.
import assert from "node:assert/strict";
import http from "node:http";
import { ask, doc, operations, problemsOf, raw, seen } from "./client.mjs";

const A = "/api/v1";
const PASSWORD = "hevonen akku paristo niitti";

async function searching(admin) {
	const answer = await ask(admin, "GET", `${A}/find`, { query: { q: "pumppu", n: 5 } });
	assert.ok(answer.hits.length === 5 && answer.cursor, "the demo knows pumps");
	await ask(admin, "GET", `${A}/find`, { query: { q: "", n: 3, sort: "newest" } });
	const facet = answer.facets.source[0];
	const one = await ask(admin, "GET", `${A}/find`, { query: { q: "pumppu", source: facet.value, n: 200 } });
	assert.ok(one.hits.every((hit) => hit.source === facet.value), "a filter lets only its own through");
	const two = await ask(admin, "GET", `${A}/find`, { query: { q: "pumppu", kind: ["message", "ticket"], year: [2025, 2026], n: 200 } });
	assert.ok(two.hits.length && two.hits.every((hit) => ["message", "ticket"].includes(hit.kind) && /^202[56]/.test(hit.occurred_at)));
	const named = await ask(admin, "GET", `${A}/find`, { query: { q: "virtasen konepaja" } });
	assert.equal(named.customers[0].name, "Virtasen Konepaja Oy");
	const suggested = await ask(admin, "GET", `${A}/suggest`, { query: { q: "virtasen kon" } });
	assert.equal(suggested.customers[0].name, "Virtasen Konepaja Oy");
	assert.ok(suggested.words.some((word) => /^konepaja/i.test(word)), `ends of "kon": ${suggested.words}`);
	const titled = await ask(admin, "GET", `${A}/suggest`, { query: { q: answer.hits[0].title.slice(0, 12) } });
	assert.ok(titled.records.length, "a title's beginning gives records");
	for (const hit of answer.hits) {
		const record = await ask(admin, "GET", `${A}/records/{id}`, { args: { id: hit.id } });
		assert.equal(record.title, hit.title);
		await ask(admin, "GET", `${A}/records/{id}/links`, { args: { id: hit.id } });
		const thread = await ask(admin, "GET", `${A}/records/{id}/thread`, { args: { id: hit.id } });
		assert.equal(thread.total, record.thread_size);
		assert.ok(thread.records.some((one) => one.id === hit.id), "a record is in its own conversation");
	}
	return named.customers[0].id;
}

async function customers(admin, id) {
	const listed = await ask(admin, "GET", `${A}/customers`, { query: { n: 10 } });
	assert.equal(listed.customers.length, 10);
	const found = await ask(admin, "GET", `${A}/customers`, { query: { q: "Virtasen Konepajalle" } });
	assert.equal(found.customers[0].id, id, "in another case it is the same customer");
	const customer = await ask(admin, "GET", `${A}/customers/{id}`, { args: { id } });
	const timeline = await ask(admin, "GET", `${A}/customers/{id}/timeline`, { args: { id }, query: { n: 200 } });
	assert.equal(timeline.total, customer.records);
	assert.equal(customer.sources.reduce((sum, one) => sum + one.count, 0), customer.records);
	const months = customer.months.flatMap((month) => Object.values(month.counts)).reduce((a, b) => a + b, 0);
	assert.equal(months, timeline.records.filter((record) => record.occurred_at).length, "months count what has a time");
	for (const [name, key] of [["kind", "kinds"], ["source", "sources"], ["year", "years"]])
		for (const tally of customer[key]) {
			const part = await ask(admin, "GET", `${A}/customers/{id}/timeline`, { args: { id }, query: { [name]: tally.value, n: 1 } });
			assert.equal(part.total, tally.count, `${name}=${tally.value}`);
		}
	const years = await ask(admin, "GET", `${A}/customers/{id}/timeline`, { args: { id: `c${id}` }, query: { year: [2024, 2025], n: 200 } });
	assert.ok(years.records.every((record) => /^202[3456]/.test(record.occurred_at)));
	const words = await ask(admin, "GET", `${A}/customers/{id}/timeline`, { args: { id }, query: { q: "lämmön talteenotto" } });
	assert.ok(words.total > 0 && words.total < timeline.total && words.records.some((record) => record.marks.length || record.title_marks.length));
	assert.ok(customer.open.length >= 1, "the demo has an open deal there");
	assert.deepEqual(timeline.records.map((r) => r.occurred_at ?? ""), timeline.records.map((r) => r.occurred_at ?? "").sort().reverse(), "newest first");
}

async function deciding(admin, id) {
	await ask(admin, "GET", `${A}/suggestions`);
	await ask(admin, "GET", `${A}/unmatched`);
	const what = { kind: "create", name: "Käsin tehty Oy" };
	const shown = await ask(admin, "POST", `${A}/decisions`, { body: { what, preview: true } });
	assert.equal(shown.decision, 0);
	const made = await ask(admin, "POST", `${A}/decisions`, { body: { what, why: "api test" } });
	const journal = await ask(admin, "GET", `${A}/decisions`, { query: { customer: made.customer } });
	assert.equal(journal.decisions[0].id, made.decision);
	const seenOnes = await ask(admin, "GET", `${A}/customers/{id}`, { args: { id: made.customer } });
	assert.equal(seenOnes.records, 0);
	const merged = await ask(admin, "POST", `${A}/decisions`, { body: { what: { kind: "merge", from: made.customer, into: id } } });
	await ask(admin, "POST", `${A}/decisions/{id}/undo`, { args: { id: merged.decision }, body: { why: "back" } });
	await ask(admin, "POST", `${A}/decisions/{id}/undo`, { args: { id: merged.decision }, expect: 422 });
	await ask(admin, "POST", `${A}/decisions`, { body: { what: { kind: "merge", from: id, into: id } }, expect: 422 });
	await ask(admin, "POST", `${A}/decisions`, { body: { what: { kind: "merge", from: 999999, into: id } }, expect: 404 });
}

async function notes(admin, id) {
	const before = await ask(admin, "GET", `${A}/customers/{id}`, { args: { id } });
	const note = await ask(admin, "POST", `${A}/notes`, { body: { customer: id, text: "Soitettu tänään.\nHaluavat jalohaukkatarjouksen." }, expect: 201 });
	assert.equal(note.title, "Soitettu tänään.");
	assert.equal(note.$.headers.location, `${A}/records/${note.id}`);
	assert.ok(note.customers.some((customer) => customer.id === id), "a note is about whom it was written for");
	const found = await ask(admin, "GET", `${A}/find`, { query: { q: "jalohaukkatarjous" } });
	assert.equal(found.hits[0].id, note.id, "a note is found at once, in any form");
	const after = await ask(admin, "GET", `${A}/customers/{id}`, { args: { id } });
	assert.equal(after.records, before.records + 1);
	const changed = await ask(admin, "PATCH", `${A}/notes/{id}`, { args: { id: note.id }, body: { title: "Puhelu", text: "Eivät halua." } });
	assert.ok(changed.title === "Puhelu" && changed.text === "Eivät halua." && changed.occurred_at === note.occurred_at);
	assert.ok(changed.customers.some((customer) => customer.id === id), "a changed note is about the same customer");
	const links = await ask(admin, "GET", `${A}/records/{id}/links`, { args: { id: note.id } });
	assert.equal(links.links[0].strength, "decided");
	await ask(admin, "PATCH", `${A}/notes/{id}`, { args: { id: found.hits[0].id + 100000 }, body: {}, expect: 404 });
	await ask(admin, "DELETE", `${A}/notes/{id}`, { args: { id: note.id } });
	await ask(admin, "DELETE", `${A}/notes/{id}`, { args: { id: note.id }, expect: 404 });
	await ask(admin, "GET", `${A}/records/{id}`, { args: { id: note.id }, expect: 404 });
	await ask(admin, "DELETE", `${A}/notes/{id}`, { args: { id: 1 }, expect: 404 });
	await ask(admin, "POST", `${A}/notes`, { body: { customer: id, text: "  " }, expect: 400 });
	await ask(admin, "POST", `${A}/notes`, { body: { customer: 999999, text: "x" }, expect: 404 });
	await ask(admin, "POST", `${A}/notes`, { body: { customer: id, text: "x".repeat(200001) }, expect: 422 });
}

async function sources(admin) {
	const all = await ask(admin, "GET", `${A}/sources`);
	assert.ok(all.sources.some((source) => source.name === "meri" && source.builtin));
	for (const { name } of all.sources) await ask(admin, "GET", `${A}/sources/{name}`, { args: { name } });
	await ask(admin, "GET", `${A}/sources/{name}`, { args: { name: "crn" }, expect: 404 });
	await ask(admin, "GET", `${A}/sources/{name}/runs`, { args: { name: "crm" } });
	await ask(admin, "GET", `${A}/sources/{name}/failures`, { args: { name: "crm" } });
	await ask(admin, "POST", `${A}/sources/{name}/check`, { args: { name: "crm" } });
	await ask(admin, "POST", `${A}/sources/{name}/removals`, { args: { name: "crm" }, body: { decision: "keep" } });
	await ask(admin, "POST", `${A}/sources/{name}/removals`, { args: { name: "crm" }, body: { decision: "perhaps" }, expect: 400 });
	await ask(admin, "POST", `${A}/sources/{name}/sync`, { args: { name: "crm" }, expect: 202 });
	await ask(admin, "POST", `${A}/sources/{name}/cancel`, { args: { name: "crm" }, expect: 202 });
	await ask(admin, "POST", `${A}/sources/{name}/sync`, { args: { name: "meri" }, expect: 404 });
	await ask(admin, "GET", `${A}/status`);
	await ask(admin, "GET", `${A}/connectors`);
}

// The first events of a watch: hello, and a source that is read meanwhile.
function events(admin) {
	return new Promise((resolve, reject) => {
		const request = http.get({ socketPath: admin.socket, path: `${A}/events` }, (reply) => {
			let text = "";
			reply.setEncoding("utf8");
			reply.on("data", (part) => {
				text += part;
				const event = /^event: source\ndata: (.*)\n\n/m.exec(text);
				if (!event) return;
				request.destroy();
				const wrong = problemsOf(doc.components.schemas.Source, JSON.parse(event[1]));
				seen.set("events", new Set([reply.statusCode]));
				if (wrong || !/^event: hello$/m.test(text) || !reply.headers["content-type"].startsWith("text/event-stream"))
					reject(new Error(`events: ${wrong ?? text}`));
				else resolve();
			});
		});
		request.on("error", () => {});
		setTimeout(() => (request.destroy(), reject(new Error("no event of a source in 20 s"))), 20000).unref();
		setTimeout(() => ask(admin, "POST", `${A}/sources/{name}/sync`, { args: { name: "notes" }, expect: 202 }).catch(() => {}), 300);
	});
}

async function people(admin, port) {
	const user = await ask(admin, "POST", `${A}/users`, { body: { name: "Kokeilija", full_name: "Kokeilija K.", teams: ["myynti"] }, expect: 201 });
	assert.equal(user.name, "kokeilija");
	await ask(admin, "POST", `${A}/users`, { body: { name: "kokeilija" }, expect: 409 });
	await ask(admin, "POST", `${A}/users`, { body: { name: "lyhyt", password: "abc" }, expect: 422 });
	await ask(admin, "GET", `${A}/users`);
	await ask(admin, "GET", `${A}/users/{id}`, { args: { id: user.id } });
	const changed = await ask(admin, "PATCH", `${A}/users/{id}`, { args: { id: user.id }, body: { email: "kokeilija@lahdevirta.example", teams: ["myynti", "huolto"] } });
	assert.deepEqual([changed.full_name, changed.teams], ["Kokeilija K.", ["huolto", "myynti"]]);
	const invited = await ask(admin, "POST", `${A}/users/{id}/invite`, { args: { id: user.id }, expect: 201 });
	const web = { port };
	const welcome = await ask(web, "GET", `${A}/welcome`, { query: { key: invited.key } });
	assert.deepEqual([welcome.name, welcome.first], ["kokeilija", false]);
	await ask(web, "POST", `${A}/welcome`, { body: { key: invited.key, password: PASSWORD } });
	await ask(web, "POST", `${A}/welcome`, { body: { key: invited.key, password: PASSWORD }, expect: 410 });
	await ask(web, "GET", `${A}/me`, { expect: 401 });
	await ask(web, "POST", `${A}/login`, { body: { name: "kokeilija", password: "wrong" }, expect: 401 });
	const me = await ask(web, "POST", `${A}/login`, { body: { name: "kokeilija", password: PASSWORD } });
	const cookie = me.$.headers["set-cookie"][0].split(";")[0];
	const session = { port, headers: { cookie, "x-csrf-token": me.csrf } };
	await ask({ port, headers: { cookie } }, "POST", `${A}/tokens`, { body: { name: "x", scopes: ["read"] }, expect: 403 });
	await ask(session, "POST", `${A}/me/password`, { body: { old: PASSWORD, new: `${PASSWORD} 2` } });
	const token = await ask(session, "POST", `${A}/tokens`, { body: { name: "lukija", scopes: ["read"], expires_at: "2099-01-01T00:00:00Z" }, expect: 201 });
	await ask(session, "POST", `${A}/tokens`, { body: { name: "yllä", scopes: ["admin"] }, expect: 403 });
	assert.ok((await ask(admin, "GET", `${A}/tokens`, { query: { all: 1 } })).tokens.some((one) => one.id === token.id));
	const reader = { port, headers: { authorization: `Bearer ${token.token}` } };
	assert.equal((await ask(reader, "GET", `${A}/me`)).via, "token");
	await ask(reader, "POST", `${A}/tokens`, { body: { name: "lapsi", scopes: ["read"] }, expect: 403 });
	return { user, session, token, reader };
}

// What each route needs is what it gets: nobody, a reader, a writer.
async function needs(port, { session, reader }) {
	for (const { method, template, operationId, "x-need": need } of operations) {
		if (operationId === "events" || operationId === "logout") continue;
		const path = template.replace("{id}", "999999").replace("{name}", "crm");
		const body = method === "GET" || method === "DELETE" ? undefined : {};
		const as = async (who) => (await raw(who, method, path, { body })).status;
		if (need !== "nobody") assert.equal(await as({ port }), 401, `${method} ${path} of nobody`);
		if (need === "write" || need === "admin") assert.equal(await as(reader), 403, `${method} ${path} with a reading token`);
		if (need === "admin") assert.equal(await as(session), 403, `${method} ${path} of a user who is no admin`);
		if (need === "read") assert.ok([200, 400, 404].includes(await as(reader)), `${method} ${path} with a reading token`);
	}
}

async function leaving(admin, { user, session, token }) {
	await ask(session, "DELETE", `${A}/tokens/{id}`, { args: { id: token.id } });
	await ask(session, "GET", `${A}/tokens`);
	await ask(session, "POST", `${A}/logout`);
	await ask(session, "GET", `${A}/me`, { expect: 401 });
	const log = () => ask(admin, "GET", `${A}/audit`, { query: { user: "kokeilija" } });
	for (let tries = 0; (await log()).entries.length < 3; tries++) { // it is written a little later
		assert.ok(tries < 50, "the audit knows what the user did");
		await new Promise((resolve) => setTimeout(resolve, 100));
	}
	await ask(admin, "GET", `${A}/audit`, { query: { action: "find", after: "2020-01-01", before: "2099-01-01T00:00:00Z" } });
	await ask(admin, "DELETE", `${A}/users/{id}`, { args: { id: user.id } });
	await ask(admin, "GET", `${A}/users/{id}`, { args: { id: user.id }, expect: 404 });
}

// Until no source is being read.
async function quiet(admin) {
	const running = (source) => source.running || source.queued;
	for (let tries = 0; (await ask(admin, "GET", `${A}/sources`)).sources.some(running); tries++) {
		assert.ok(tries < 200, "the sources are read in 20 s");
		await new Promise((resolve) => setTimeout(resolve, 100));
	}
}

// The same question has the same tag, and needs no second answer.
async function tags(admin, id) {
	const paths = ["/me", "/sources", "/connectors", "/find?q=pumppu&n=3", "/suggest?q=vir", `/customers/${id}`, `/customers/${id}/timeline?n=3`, "/records/1", "/suggestions", "/unmatched", "/decisions", "/openapi.json"];
	for (const path of paths) {
		const first = await raw(admin, "GET", A + path);
		assert.ok(first.headers.etag, `${path} has a tag`);
		const again = await raw(admin, "GET", A + path, { headers: { "if-none-match": first.headers.etag } });
		assert.deepEqual([again.status, again.text], [304, ""], path);
	}
	assert.equal((await raw(admin, "GET", `${A}/nothing`)).status, 404);
	const wrong = await raw(admin, "DELETE", `${A}/find`);
	assert.deepEqual([wrong.status, /GET/.test(wrong.headers.allow)], [405, true]);
}

// The same questions of a user who may read it all, through the fence: they have the same answers.
export async function fenced(who) {
	const id = await searching(who);
	await customers(who, id);
	await ask(who, "GET", `${A}/suggestions`);
	await ask(who, "GET", `${A}/unmatched`);
	await ask(who, "GET", `${A}/sources`);
	await ask(who, "GET", `${A}/status`);
	const what = { kind: "merge", from: id, into: id + 1 };
	const shown = await ask(who, "POST", `${A}/decisions`, { body: { what, preview: true } });
	assert.ok(shown.records > 0, "a preview counts what one sees");
	await notes(who, id);
	return "the same answers";
}

export async function routes(admin, port) {
	await ask(admin, "GET", `${A}/openapi.json`);
	const id = await searching(admin);
	await customers(admin, id);
	await deciding(admin, id);
	await notes(admin, id);
	await sources(admin);
	await events(admin);
	await quiet(admin);
	await tags(admin, id);
	const crowd = await people(admin, port);
	await needs(port, crowd);
	await leaving(admin, crowd);
	const untried = operations.filter((o) => ![...(seen.get(o.operationId) ?? [])].some((status) => status < 300)).map((o) => o.operationId);
	assert.deepEqual(untried, [], "operations without a good reply");
	return `${operations.length} operations answered as described`;
}
