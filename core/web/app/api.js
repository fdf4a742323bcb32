// api: asks the hub. What goes wrong is an ApiError, whose code is a word that the page has texts for.
import { address } from "./urls.js";
import { get as state, set } from "./state.js";

export class ApiError extends Error {
	constructor(status, code, detail, retryAfter = 0) {
		super(detail || code);
		this.status = status;
		this.code = code;
		this.detail = detail;
		this.retryAfter = retryAfter; // seconds
	}
}

const CODES = { 400: "bad_request", 401: "login_needed", 403: "forbidden", 404: "not_found", 409: "conflict", 410: "expired", 413: "too_large", 429: "throttled" };

async function problem(reply) {
	let body = {};
	try {
		body = await reply.json();
	} catch {
		/* no JSON: the status alone speaks */
	}
	const code = body.code ?? CODES[reply.status] ?? "internal";
	return new ApiError(reply.status, code, body.detail ?? body.title, Number(reply.headers.get("Retry-After")) || 0);
}

const PATIENCE = 3; // seconds that a question waits by itself when there were too many

async function send(method, path, { params, body, signal, again } = {}) {
	const headers = { Accept: "application/json" };
	if (body !== undefined) headers["Content-Type"] = "application/json";
	if (method !== "GET" && state().me?.csrf) headers["X-CSRF-Token"] = state().me.csrf;
	let reply;
	try {
		reply = await fetch(address(`/api/v1${path}`, params), {
			method,
			headers,
			body: body === undefined ? undefined : JSON.stringify(body),
			signal,
			credentials: "same-origin",
			cache: "no-cache",
		});
	} catch (error) {
		if (error.name === "AbortError") throw error;
		if (!state().offline) set({ offline: true });
		throw new ApiError(0, "offline", "");
	}
	if (state().offline) set({ offline: false });
	if (reply.ok) return reply.status === 204 ? {} : reply.json();
	const error = await problem(reply);
	if (error.code === "login_needed" && state().phase === "in") set({ over: true });
	if (error.code === "throttled" && method === "GET" && !again && error.retryAfter <= PATIENCE) {
		await new Promise((done) => setTimeout(done, 1000 * Math.max(error.retryAfter, 0.5)));
		if (!signal?.aborted) return send(method, path, { params, body, signal, again: true });
	}
	throw error;
}

// A token of before another log-in in the same browser is asked for anew, once.
async function change(method, path, body) {
	try {
		return await send(method, path, { body });
	} catch (error) {
		if (error.code !== "csrf") throw error;
		set({ me: await send("GET", "/me") });
		return send(method, path, { body });
	}
}

export const get = (path, params, signal) => send("GET", path, { params, signal });
export const post = (path, body = {}) => change("POST", path, body);
export const patch = (path, body) => change("PATCH", path, body);
export const remove = (path) => change("DELETE", path);
