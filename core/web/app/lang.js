// lang: the language of the page: its texts, and how dates and numbers are written. Finnish, Swedish and English; the
// browser decides until somebody chooses.
export const LANGUAGES = { fi: "Suomi", sv: "Svenska", en: "English" };
const LOCALES = { fi: "fi-FI", sv: "sv-FI", en: "en-GB" };
const KEY = "meri-language";

let words = {};
let language = "en";
let locale = "en-GB";
let made = new Map(); // Intl objects are dear: one of each kind is kept
const listeners = new Set();

const read = (key) => {
	try {
		return localStorage.getItem(key);
	} catch {
		return null;
	}
};
const write = (key, value) => {
	try {
		localStorage.setItem(key, value);
	} catch {
		/* storage is shut: it holds until the page is left */
	}
};

const wanted = () => (typeof navigator === "undefined" ? [] : (navigator.languages ?? []));

// The first language of the browser that the page knows.
export function preferred(chosen, languages) {
	if (chosen in LANGUAGES) return chosen;
	for (const one of languages) {
		const short = one.toLowerCase().split("-")[0];
		if (short in LANGUAGES) return short;
	}
	return "en";
}

export const current = () => language;
export const onLanguage = (listener) => (listeners.add(listener), () => listeners.delete(listener));

export async function start() {
	await use(preferred(read(KEY), wanted()));
}

export async function choose(name) {
	write(KEY, name);
	await use(name);
}

async function use(name) {
	words = (await import(`../words/${name}.js`)).default;
	language = name;
	locale = wanted().find((l) => l.toLowerCase().split("-")[0] === name && l.includes("-")) ?? LOCALES[name];
	made = new Map();
	if (typeof document !== "undefined") document.documentElement.lang = name;
	for (const listener of listeners) listener(name);
}

function kept(kind, options) {
	const key = kind.name + JSON.stringify(options);
	if (!made.has(key)) made.set(key, new kind(locale, options));
	return made.get(key);
}

export const number = (n) => kept(Intl.NumberFormat, {}).format(n);
export const percent = (n) => kept(Intl.NumberFormat, { style: "percent", maximumFractionDigits: 0 }).format(n);
export const list = (all) => kept(Intl.ListFormat, { type: "conjunction" }).format(all);
export const inOrder = (a, b) => kept(Intl.Collator, {}).compare(a, b);

// A value that may turn the writing direction does so within itself only.
const TURNS = /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc]/;
const isolated = (text) => (TURNS.test(text) ? `\u2068${text}\u2069` : text);

// The text of a key. {name} stands for params.name; numbers are written as the language writes them, and `n` chooses
// between the plural forms of a text that has them.
export function t(key, params = {}) {
	let text = words[key];
	if (text === undefined) return key;
	if (typeof text !== "string") text = text[kept(Intl.PluralRules, {}).select(params.n ?? 0)] ?? text.other;
	return text.replace(/\{(\w+)\}/g, (all, name) => {
		const value = params[name];
		return value === undefined ? all : typeof value === "number" ? number(value) : isolated(String(value));
	});
}
export const has = (key) => key in words;

// A word of the API ("message", "stale") in the page's language, or as it is.
export const word = (group, value) => (has(`${group}.${value}`) ? t(`${group}.${value}`) : String(value ?? ""));

const DAY = 86400000;
const valid = (at) => at && !Number.isNaN(Date.parse(at));

// Short as in a list: 10.12 today, 3. maalisk. this year, 3.3.2024 before.
export function shortDate(at, now = Date.now()) {
	if (!valid(at)) return "";
	const date = new Date(at);
	const today = new Date(now);
	if (date.toDateString() === today.toDateString()) return kept(Intl.DateTimeFormat, { hour: "2-digit", minute: "2-digit" }).format(date);
	if (date.getFullYear() === today.getFullYear()) return kept(Intl.DateTimeFormat, { day: "numeric", month: "short" }).format(date);
	return kept(Intl.DateTimeFormat, { day: "numeric", month: "numeric", year: "numeric" }).format(date);
}
export const fullDate = (at) =>
	valid(at) ? kept(Intl.DateTimeFormat, { dateStyle: "full", timeStyle: "short" }).format(new Date(at)) : "";
export const dayOf = (at) => (valid(at) ? kept(Intl.DateTimeFormat, { dateStyle: "long" }).format(new Date(at)) : "");
export const timeOf = (at) =>
	valid(at) ? kept(Intl.DateTimeFormat, { day: "numeric", month: "numeric", year: "numeric", hour: "2-digit", minute: "2-digit" }).format(new Date(at)) : "";
export const monthOf = (month, style = "long") =>
	kept(Intl.DateTimeFormat, { month: style, year: "numeric", timeZone: "UTC" }).format(new Date(`${month}-01T00:00:00Z`));

// "3 päivää sitten"; whole units, the largest that fits.
export function ago(at, now = Date.now()) {
	if (!valid(at)) return "";
	const gap = Date.parse(at) - now;
	const far = Math.abs(gap);
	const units = [["year", 365.25 * DAY], ["month", 30.44 * DAY], ["week", 7 * DAY], ["day", DAY], ["hour", 3600000], ["minute", 60000]];
	const [unit, size] = units.find(([, s]) => far >= s) ?? ["second", Infinity]; // under a minute is now
	return kept(Intl.RelativeTimeFormat, { numeric: "auto" }).format(Math.trunc(gap / size), unit);
}
