// The hub, asked as a program asks it: over its socket as the machine's own account, who is an admin, or over TCP as a user.
import http from "node:http";
import { createRequire } from "node:module";

export const url = process.env.HUB_URL;
export const folder = process.env.HUB_FOLDER; // of this test alone; the sources lie in it
// Packages are installed beside the build, not beside this file.
export const need = createRequire(process.env.HUB_PACKAGES ?? import.meta.url);

// {status, headers, text, json}. `to`: "socket" or "tcp".
export function ask(method, path, { body, headers = {}, to = "socket" } = {}) {
	const target = to === "socket" ? { socketPath: process.env.MERI_SOCKET } : { host: new URL(url).hostname, port: new URL(url).port };
	const text = body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body);
	return new Promise((resolve, reject) => {
		const request = http.request({ ...target, method, path, headers: { Host: new URL(url).host, ...(text === undefined ? {} : { "Content-Type": "application/json" }), ...headers } }, (reply) => {
			const parts = [];
			reply.on("data", (part) => parts.push(part));
			reply.on("error", reject);
			reply.on("end", () => {
				const whole = Buffer.concat(parts).toString();
				let json = null;
				try {
					json = JSON.parse(whole);
				} catch {
					/* no JSON */
				}
				resolve({ status: reply.statusCode, headers: reply.headers, text: whole, json });
			});
		});
		request.on("error", reject);
		request.end(text);
	});
}

export async function get(path) {
	const reply = await ask("GET", `/api/v1${path}`);
	if (reply.status !== 200) throw new Error(`${path}: ${reply.status} ${reply.text}`);
	return reply.json;
}

export async function post(path, body = {}) {
	const reply = await ask("POST", `/api/v1${path}`, { body });
	if (reply.status >= 300) throw new Error(`POST ${path}: ${reply.status} ${reply.text}`);
	return reply.json;
}

// ---- people ----
export const PASSWORD = "vesi virtaa mereen";
export const people = {
	antero: { full_name: "Antero Pulkka", email: "antero.pulkka@lahdevirta.example", admin: true, teams: [] },
	sanna: { full_name: "Sanna Ketola", email: "sanna.ketola@lahdevirta.example", admin: false, teams: ["sales"] },
	jari: { full_name: "Jari Niittymäki", email: "jari.niittymaki@lahdevirta.example", admin: false, teams: ["support"] },
	emma: { full_name: "Emma Wikström", email: "emma.wikstrom@lahdevirta.example", admin: false, teams: [] },
};

export async function makePeople() {
	for (const [name, person] of Object.entries(people)) {
		const reply = await ask("POST", "/api/v1/users", { body: { name, password: PASSWORD, ...person } });
		if (reply.status >= 300 && reply.status !== 409) throw new Error(`user ${name}: ${reply.status} ${reply.text}`);
	}
}

// {cookie: {name, value}, csrf}
const sessions = new Map();
export async function session(name) {
	if (sessions.has(name)) return sessions.get(name);
	const reply = await ask("POST", "/api/v1/login", { to: "tcp", body: { name, password: PASSWORD }, headers: { Origin: url } });
	if (reply.status !== 200) throw new Error(`log-in of ${name}: ${reply.status} ${reply.text}`);
	const [pair] = reply.headers["set-cookie"][0].split(";");
	const at = pair.indexOf("=");
	const made = { cookie: { name: pair.slice(0, at), value: pair.slice(at + 1) }, csrf: reply.json.csrf };
	sessions.set(name, made);
	return made;
}

export async function customer(name) {
	const found = (await get(`/customers?q=${encodeURIComponent(name)}`)).customers[0];
	if (!found) throw new Error(`no customer ${name}`);
	return found;
}

export async function until(what, seconds, condition) {
	const end = Date.now() + seconds * 1000;
	for (;;) {
		const value = await condition();
		if (value) return value;
		if (Date.now() > end) throw new Error(`waited ${seconds} s for ${what}`);
		await new Promise((resolve) => setTimeout(resolve, 60));
	}
}
