// urls: addresses of the page, and addresses that came out of sources.

// What a source calls a link is one only if its scheme is harmless; all else stays text.
export function safeUrl(text) {
	if (typeof text !== "string") return null;
	const trimmed = text.trim();
	if (!/^(https?:\/\/|mailto:)/i.test(trimmed)) return null;
	try {
		const url = new URL(trimmed);
		return ["http:", "https:", "mailto:"].includes(url.protocol) ? url.href : null;
	} catch {
		return null;
	}
}

// A domain or an address as it is shown. Letters of several scripts in one domain can imitate another (a Cyrillic "а" among
// Latin letters): such a domain is shown as machines write it, xn--…; one that is of a single script stays as it is read.
export function plain(text) {
	const found = /^((?:https?:\/\/|[^\s@/]+@)?)([^\s@/:?#]+\.[^\s@/:?#]+)([/:?#].*)?$/su.exec(text ?? "");
	if (!found || !/(?!\p{Script=Latin})\p{L}/u.test(found[2]) || !/\p{Script=Latin}/u.test(found[2])) return text;
	try {
		return found[1] + new URL(`http://${found[2]}`).hostname + (found[3] ?? "");
	} catch {
		return text;
	}
}

// "/find" and {q: "a", source: ["x", "y"], sort: null} -> "/find?q=a&source=x&source=y". Nothing empty is written.
export function address(path, values = {}) {
	const params = new URLSearchParams();
	for (const [name, value] of Object.entries(values))
		for (const one of Array.isArray(value) ? value : [value])
			if (one !== null && one !== undefined && one !== "" && one !== false) params.append(name, String(one));
	const text = params.toString();
	return text ? `${path}?${text}` : path;
}

// The same address with some parameters set anew; null takes one away.
export function changed(path, params, changes) {
	const values = {};
	for (const name of new Set(params.keys())) values[name] = params.getAll(name);
	return address(path, { ...values, ...changes });
}

// A value of a repeatable parameter is put in, or taken out if it is there.
export function toggled(path, params, name, value) {
	const now = params.getAll(name);
	const text = String(value);
	return changed(path, params, { [name]: now.includes(text) ? now.filter((v) => v !== text) : [...now, text] });
}

const ROUTES = [
	["home", /^\/$/],
	["find", /^\/find$/],
	["customer", /^\/customer\/c?(\d+)$/],
	["record", /^\/record\/(\d+)$/],
	["work", /^\/work$/],
	["sources", /^\/sources$/],
	["source", /^\/sources\/([^/]+)$/],
	["users", /^\/users$/],
	["audit", /^\/audit$/],
	["account", /^\/account$/],
	["login", /^\/login$/],
	["welcome", /^\/welcome$/],
];

// {view, id} of a path; view "missing" for one that is none.
export function routeOf(path) {
	const tidy = path.length > 1 ? path.replace(/\/+$/, "") : path;
	for (const [view, pattern] of ROUTES) {
		const found = pattern.exec(tidy);
		if (found) return { view, id: found[1] === undefined ? null : safeDecode(found[1]) };
	}
	return { view: "missing", id: null };
}

function safeDecode(text) {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

// Only addresses of the page itself may be gone back to after log-in.
export function safeReturn(text) {
	return typeof text === "string" && /^\/(?![/\\])/.test(text) && !text.startsWith("/api") && !text.startsWith("/login") ? text : "/";
}
