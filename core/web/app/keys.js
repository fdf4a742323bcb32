// keys: the keyboard. One letter does one thing, unless somebody types; it can be switched off in the account.
// Lists are elements with data-list whose rows' main links or buttons carry data-row: j and k move the focus among
// them, so that Enter and the screen reader do what they always do.
import { get as state, set, remembered } from "./state.js";
import { go } from "./router.js";

const typing = (element) =>
	!!element?.closest?.("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
const visible = (element) => element.getClientRects().length > 0;

const rows = () => {
	const within = document.querySelector("dialog[open]") ?? document.querySelector("main");
	return [...(within?.querySelectorAll("[data-list] [data-row]") ?? [])].filter(visible);
};

// The row that is under work: the focused one, or the one last focused.
let last = null;
export const currentRow = () => document.activeElement?.closest?.("[data-list]")?.querySelector("[data-row]:focus") ?? last;

function move(step) {
	const all = rows();
	if (!all.length) return;
	const holder = document.activeElement?.closest?.("[data-row-holder]");
	let at = all.findIndex((row) => row === document.activeElement || (holder && holder.contains(row)));
	if (at < 0 && last?.isConnected) at = all.indexOf(last);
	const to = at < 0 ? all[step > 0 ? 0 : all.length - 1] : all[Math.max(0, Math.min(all.length - 1, at + step))];
	last = to;
	to.focus({ preventScroll: true });
	to.scrollIntoView({ block: "nearest" });
}

const own = new Map(); // what a view adds: key -> function(row)
export function addKeys(keys) {
	for (const [key, run] of Object.entries(keys)) own.set(key, run);
	return () => {
		for (const [key, run] of Object.entries(keys)) if (own.get(key) === run) own.delete(key);
	};
}

const WAYS = { h: "/", w: "/work", s: "/sources", a: "/account" };
let waiting = 0; // g was pressed just before

function letter(key) {
	if (waiting > Date.now() && WAYS[key]) {
		waiting = 0;
		go(WAYS[key]);
		return true;
	}
	waiting = 0;
	if (own.has(key)) return own.get(key)() !== false;
	if (key === "/") {
		const box = document.getElementById("search");
		box?.focus();
		box?.select();
		return true;
	}
	if (key === "j" || key === "k") return move(key === "j" ? 1 : -1), true;
	if (key === "g") return (waiting = Date.now() + 1200), true;
	if (key === "?") return set({ keysShown: true }), true;
	return false;
}

function onKey(event) {
	if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || state().phase !== "in") return;
	if (event.key === "Escape") {
		if (document.querySelector("dialog[open]")) return; // closes itself
		if (own.has("Escape") && own.get("Escape")() !== false) event.preventDefault();
		else if (typing(event.target)) event.target.blur();
		return;
	}
	if (typing(event.target) || remembered("keys") === "off") return;
	if (document.querySelector("dialog[open]") && !"jk".includes(event.key)) return;
	if (letter(event.key)) event.preventDefault();
}

export function listenKeys() {
	document.addEventListener("keydown", onKey);
	document.addEventListener("focusin", (event) => {
		if (event.target.matches?.("[data-list] [data-row]")) last = event.target;
	});
}
