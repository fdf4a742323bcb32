// Drives the rights matrix (rights.sh): plan, ask, judge, events, audit, forget, compare. See there and in rights_plan.mjs.
import { execFileSync } from "node:child_process";
import http from "node:http";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ask, get, makePeople, post, session, until, url } from "../browser/lib/hub.mjs";
import { recipes } from "./rights_plan.mjs";

const CANARY = /qv(?:open|sale|supp|both|gone|ownf|ownt|ownu|owna|ownx|note)[a-z]*/g;
// Who may read which canaries; antero, an admin, all of them.
const MAY = {
	sanna: ["qvopen", "qvsale", "qvboth", "qvownf", "qvownu", "qvnote"],
	jari: ["qvopen", "qvsupp", "qvboth", "qvownf", "qvownt", "qvowna"],
	emma: ["qvopen", "qvownf"],
};
const CODES = ["qvopen", "qvsale", "qvsupp", "qvboth", "qvgone", "qvownf", "qvownt", "qvownu", "qvowna", "qvownx", "qvnote"];
const may = (user, code) => user === "antero" || MAY[user].includes(code);
const faults = [];
const fault = (text) => faults.push(text);
const read = (path) => JSON.parse(readFileSync(path, "utf8"));
const codeOf = (text) => /qv[a-z]{4}/i.exec(text)?.[0].toLowerCase() ?? null;

const headersOf = async (user) => {
	const { cookie, csrf } = await session(user);
	return { Cookie: `${cookie.name}=${cookie.value}`, "X-CSRF-Token": csrf, Origin: url };
};

// ---- plan: what there is, and the questions ----
async function plan(out, store, routesFile) {
	await makePeople();
	const headers = await headersOf("sanna");
	const rows = (sql) => JSON.parse(execFileSync("sqlite3", ["-readonly", "-json", "-cmd", ".timeout 5000", store, sql]).toString() || "[]");
	const aukio = rows("SELECT id FROM customer WHERE name = 'Aukion Konepaja Oy'")[0].id;
	// a note for sales alone, and decisions: on what everybody sees, and on what sales alone sees
	const noted = await ask("POST", "/api/v1/notes", { to: "tcp", headers, body: { customer: aukio, title: "qvnotetitle yhteinen", text: "qvnotetext yhteinen", readers: ["sales"] } });
	if (noted.status !== 201) fault(`POST /notes: ${noted.status} ${noted.text}`);
	const mylly = rows("SELECT id FROM customer WHERE name LIKE 'qvsalename%'")[0].id;
	await post("/decisions", { what: { kind: "own", customer: mylly, key: "domain", value: "qvsaledecided.example" }, why: "qvsalewhy" });
	await ask("POST", "/api/v1/tokens", { to: "tcp", headers: await headersOf("antero"), body: { name: "qvgonetoken", scopes: ["read"] } });

	// The index takes a moment after a note.
	const records = rows("SELECT r.id, s.name AS source, r.external_id || ' ' || r.title || ' ' || r.text || ' ' || r.people AS text FROM record r JOIN source s ON s.id = r.source_id")
		.map(({ id, source, text }) => ({ id, source, code: codeOf(text) ?? (source === "open" ? "qvopen" : null) }));
	// the code of whoever may read the record: "open" for accounts of the open source, a source's code for its place holder
	const OF = { sales: "qvsale", support: "qvsupp", both: "qvboth", gone: "qvgone", own: "qvownx", meri: "qvnote" };
	const byRecord = new Map(records.map((record) => [record.id, (record.code ??= OF[record.source])]));
	// comments carry their ticket's title: their own words decide
	for (const { id, text } of rows("SELECT r.id, r.text FROM record r WHERE r.text LIKE 'qv%comm%'")) byRecord.set(id, (records.find((record) => record.id === id).code = codeOf(text)));
	const customers = rows("SELECT id, name, record_id AS record, now FROM customer").map(({ id, name, record, now }) => ({ id, name, code: record ? byRecord.get(record) : null, now }));
	for (const customer of customers) if (customer.name.startsWith("Aukion Kone") || customer.name.startsWith("Avoveden")) customer.code = "open";
	const dump = execFileSync("sqlite3", ["-readonly", store, ".dump record party hint field reader customer record_text left_out"], { maxBuffer: 1 << 28 }).toString().toLowerCase();
	const all = {
		records, customers, codes: CODES.filter((code) => code !== "qvnote" || noted.status === 201),
		canaries: [...new Set(dump.match(CANARY))].filter((word) => word.length > 6),
		sources: ["open", "sales", "support", "both", "own", "gone", "meri"],
		users: rows("SELECT id FROM user").map(({ id }) => ({ id })),
		tokens: rows("SELECT id FROM token").map(({ id }) => ({ id })),
		withheldRecords: records.filter(({ code }) => ["qvgone", "qvownx"].includes(code)),
		withheldCustomers: customers.filter(({ code, now, id }) => code === "qvgone" && now === id),
		withheldDecisions: [],
	};
	const described = await ask("GET", "/api/v1/openapi.json", { to: "tcp" });
	const routes = new Set(Object.entries(described.json?.paths ?? {}).flatMap(([path, methods]) =>
		Object.keys(methods).filter((method) => ["get", "post", "put", "patch", "delete"].includes(method)).map((method) => `${method.toUpperCase()} ${path.replace(/^\/api\/v1/, "").replace(/\{[^}]*\}/g, "*")}`)));
	const table = [...readFileSync(routesFile, "utf8").matchAll(/\{"([A-Z]+)", "\/api\/v1([^"]*)"/g)].map(([, method, path]) => `${method} ${path}`);
	for (const route of table) {
		if (!routes.has(route)) fault(`openapi.json does not tell of ${route}`);
		routes.add(route);
	}
	const questions = [];
	for (const route of routes) {
		if (!(route in recipes)) fault(`${route} is not in rights_plan.mjs: what could it show?`);
		questions.push(...(recipes[route]?.(all) ?? []));
	}
	for (const route of Object.keys(recipes)) if (!routes.has(route)) fault(`rights_plan.mjs has ${route}, and the hub has not`);
	writeFileSync(out, JSON.stringify({ all, questions }));
	end(`ok ${routes.size} routes, ${questions.length} questions, ${all.canaries.length} canaries, ${records.length} records, ${customers.length} customers`);
}

// ---- ask ----
const name = ({ method, path, body }) => `${method} ${path}${body === undefined ? "" : ` ${JSON.stringify(body)}`}`;
const PASSING = ["date", "content-length", "connection", "keep-alive", "set-cookie"]; // headers that say nothing of the answer

async function askAll(user, planFile, out) {
	const { questions } = read(planFile);
	const headers = await headersOf(user);
	const answers = {};
	for (const question of questions) {
		if (user === "antero" && question.method !== "GET") continue; // it would happen
		for (let page = 0, path = question.path; path && page < 6; page++) {
			const reply = await ask(question.method, `/api/v1${path}`, { to: "tcp", body: question.body, headers });
			for (const header of PASSING) delete reply.headers[header];
			answers[`${name(question)}${page ? ` page ${page}` : ""}`] = { status: reply.status, headers: reply.headers, text: reply.text, json: reply.json };
			const cursor = question.method === "GET" && reply.json?.cursor;
			path = cursor ? `${question.path}${question.path.includes("?") ? "&" : "?"}cursor=${encodeURIComponent(cursor)}` : null;
		}
	}
	writeFileSync(out, JSON.stringify(answers));
	const refused = Object.entries(answers).filter(([, { status, json }]) => status >= 500 || status === 429 || (status === 401 && json?.code !== "wrong_password"));
	for (const [question, { status, text }] of refused.slice(0, 10)) fault(`${user}: ${question}: ${status} ${text.slice(0, 200)}`);
	end(`ok ${user}: ${Object.keys(answers).length} answers`);
}

// ---- judge: by what was answered alone ----
// What is withheld from the user and stands in the text; what the question said itself does not count.
const seen = (user, asked, text) => [...new Set(text.toLowerCase().match(CANARY))].filter((word) => !may(user, word.slice(0, 6)) && !asked.toLowerCase().includes(word));

function judge(planFile, folder) {
	const { all, questions } = read(planFile);
	for (const user of ["antero", ...Object.keys(MAY)]) {
		const answers = read(join(folder, `${user}.json`));
		const of = (question) => answers[name(question)];
		let shown = 0, compared = 0;
		for (const [question, answer] of Object.entries(answers)) {
			const asked = decodeURIComponent(question.replace(/\+/g, " "));
			const words = seen(user, asked, JSON.stringify(answer.headers) + answer.text);
			if (words.length) fault(`${user} sees ${words.slice(0, 3).join(", ")} in ${asked}`);
			for (const record of [answer.json?.hits, answer.json?.records].filter(Array.isArray).flat()) {
				const code = all.records.find(({ id }) => id === record.id)?.code;
				if (code && code !== "open" && !may(user, code)) fault(`${user} gets record ${record.id} (${code}) in ${asked}`);
			}
			shown++;
		}
		// Who may, finds it: else nothing here could fail.
		for (const word of all.canaries) {
			const total = of({ method: "GET", path: `/find?q=${word}` })?.json?.total;
			const code = word.slice(0, 6);
			if (may(user, code) && !total && !/(?:mail|site|file|id|con|call|user|type|firm|er)$/.test(word)) fault(`${user} does not find ${word}`);
		}
		// What is withheld, and what does not exist: the same words.
		for (const question of questions) {
			const { about } = question;
			if (user === "antero" || !about || !of(question)) continue;
			if (about.admins) {
				if (of(question).status !== 403) fault(`${user}: ${name(question)}: ${of(question).status} instead of 403`);
				continue;
			}
			const thing = { record: all.records, customer: all.customers }[about.type]?.find(({ id }) => id === about.id);
			if (!thing || thing.code === "open" || may(user, thing.code) || openGroup(all, about, user)) continue;
			const absent = questions.find((other) => other.about?.type === about.type && other.about.id > 900 && shape(other) === shape(question));
			if (!absent) {
				fault(`nothing absent to compare ${name(question)} with`);
				continue;
			}
			const bare = ({ status, headers, text }, id) => JSON.stringify({ status, headers: { ...headers, etag: undefined }, text }).replaceAll(new RegExp(`(?<!\\d)${id}(?!\\d)`, "g"), "#");
			const [withheld, nothing] = [bare(of(question), about.id), bare(of(absent), absent.about.id)];
			if (withheld !== nothing) fault(`${user}: ${name(question)}:\n    withheld: ${withheld.slice(0, 300)}\n    absent:   ${nothing.slice(0, 300)}`);
			compared++;
		}
		console.log(`ok ${user}: ${shown} answers hold nothing that is withheld; ${compared} are as if it were not there`);
	}
	end();
}
// A customer is open who has an open row among those that are one.
function openGroup(all, about, user) {
	if (about.type !== "customer") return false;
	const { now } = all.customers.find(({ id }) => id === about.id);
	return all.customers.some((one) => one.now === now && (one.code === "open" || may(user, one.code)));
}
const shape = ({ method, path, body, about: { id } }) => `${method} ${path.replace(new RegExp(`([/=:c])${id}(?!\\d)`), "$1#")} ${body ? JSON.stringify(body).replaceAll(new RegExp(`(?<!\\d)${id}(?!\\d)`, "g"), "#") : ""}`;

// ---- compare: with a store that has only what the user may see ----
// Times of runs and of answering differ from one day to the next, and each log-in has a secret of its own.
const PASSES = new Set(["took_ms", "csrf", "last_ok_at", "last_run_at", "started_at", "ended_at", "next_at", "last_at_run", "last_in", "used_at", "expires_at", "uptime"]);
function plain(value) {
	if (Array.isArray(value)) return value.map(plain);
	if (value === null || typeof value !== "object") return value;
	return Object.fromEntries(Object.entries(value).filter(([key]) => !PASSES.has(key)).map(([key, one]) => [key, plain(one)]));
}
function compare(user, planFile, withFile, withoutFile) {
	const [a, b] = [read(withFile), read(withoutFile)];
	const { all } = read(planFile);
	// An id of a customer stays known when the record it came with is removed; to who may not read that record it was never known.
	const gone = all.customers.filter(({ id, now, code }) => id !== now && code !== "open" && !may(user, code)).map(({ id }) => id);
	const stays = new RegExp(`customers/c?(${gone.join("|")})\\b|customer(=|:|%3A)(${gone.join("|")})\\b`);
	let same = 0;
	for (const question of new Set([...Object.keys(a), ...Object.keys(b)])) {
		if (gone.length && stays.test(question)) continue;
		if (!a[question] || !b[question]) {
			fault(`${question}: only ${a[question] ? "with" : "without"} what is withheld there is such a page`);
			continue;
		}
		const bare = ({ status, headers, json, text }) => ({ status, headers: { ...headers, etag: undefined }, body: json ? plain(json) : text });
		const [x, y] = [bare(a[question]), bare(b[question])];
		const difference = differs(x, y, "");
		if (difference) fault(`${question}\n    ${difference}`);
		else same++;
	}
	console.log(`${same} answers are the same`);
	end();
}
function differs(a, b, path) {
	if (JSON.stringify(a) === JSON.stringify(b)) return null;
	if (a && b && typeof a === "object" && typeof b === "object" && Array.isArray(a) === Array.isArray(b)) {
		for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
			const found = differs(a[key], b[key], `${path}.${key}`);
			if (found) return found;
		}
	}
	return `${path}: ${JSON.stringify(a)?.slice(0, 240)} instead of ${JSON.stringify(b)?.slice(0, 240)}`;
}

// ---- events: what a listener hears while withheld sources are read ----
async function events(planFile) {
	read(planFile);
	const heard = {};
	const streams = [];
	for (const user of ["antero", ...Object.keys(MAY)]) {
		heard[user] = "";
		const headers = await headersOf(user);
		streams.push(http.get(`${url}/api/v1/events`, { headers }, (reply) => reply.on("data", (part) => (heard[user] += part))));
	}
	await until("the streams to begin", 10, () => Object.values(heard).every((text) => text.includes("event: hello")));
	for (const source of ["sales", "support", "both", "own"]) await post(`/sources/${source}/sync`);
	await until("the admin to hear of it", 20, () => ["sales", "support", "both", "own"].every((source) => new RegExp(`"name":\\s*"${source}"`).test(heard.antero)));
	await new Promise((resolve) => setTimeout(resolve, 600));
	for (const stream of streams) stream.destroy();
	const objects = (text) => [...text.matchAll(/^data: ?(\{.*)$/gm)].map(([, one]) => JSON.parse(one));
	for (const user of Object.keys(MAY)) {
		const words = seen(user, "", heard[user]);
		if (words.length) fault(`${user} hears ${words.join(", ")}`);
		const closed = { sanna: ["support"], jari: ["sales"], emma: ["sales", "support", "both"] }[user];
		for (const one of objects(heard[user]).filter(({ name }) => closed.includes(name)))
			for (const [key, value] of Object.entries(one)) if (typeof value === "number" && value !== 0) fault(`${user} hears a number of ${one.name}: ${key} ${value}`);
	}
	if (!objects(heard.antero).some((one) => typeof one.records === "number")) fault("the admin hears no counts, so nothing is proven");
	end("ok events: nothing is heard of what is withheld, but that the source is there");
}

// ---- audit: all that was asked is noted, and only admins read it ----
async function audit() {
	const entries = [];
	for (let cursor = null, page = 0; page < 40; page++) {
		const reply = await get(`/audit?n=200${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`);
		entries.push(...reply.entries);
		cursor = reply.cursor;
		if (!cursor) break;
	}
	for (const user of Object.keys(MAY)) {
		const own = entries.filter((entry) => entry.user === user);
		if (!own.some(({ action }) => action === "find") || !own.some(({ action, customer }) => action === "customer" && customer)) fault(`the audit log has no find or no customer of ${user}`);
		const reply = await ask("GET", "/api/v1/audit", { to: "tcp", headers: await headersOf(user) });
		if (reply.status !== 403) fault(`${user} reads the audit log: ${reply.status}`);
	}
	end(`ok audit: ${entries.length} entries, for admins alone`);
}

// ---- forget: notes that the user may not read ----
async function forget(planFile, user) {
	const { all } = read(planFile);
	for (const { id, code } of all.records.filter((one) => one.code === "qvnote")) {
		if (may(user, code)) continue;
		const reply = await ask("DELETE", `/api/v1/notes/${id}`);
		if (reply.status >= 300) fault(`DELETE /notes/${id}: ${reply.status} ${reply.text}`);
	}
	end();
}

function end(text) {
	if (text && !faults.length) console.log(text);
	for (const one of faults.slice(0, 60)) console.log(`not ok: ${one}`);
	if (faults.length) console.log(`${faults.length} faults`);
	process.exit(faults.length ? 1 : 0);
}

const [what, ...rest] = process.argv.slice(2);
await { plan, ask: askAll, judge, events, audit, forget, compare }[what](...rest);
