// state: what the whole page shares: who is here, whether the hub answers, messages at the edge of the page.
import { useEffect, useState } from "./html.js";

let state = {
	phase: "starting", // starting, in, out
	me: null,
	over: false, // the session ended while the page was open
	offline: false,
	toasts: [], // {id, text, undo, tone}
	keysShown: false,
	menu: false,
};
const listeners = new Set();

export const get = () => state;
export function set(changes) {
	state = { ...state, ...changes };
	for (const listener of listeners) listener();
}

// A part of the state, drawn anew when it changes.
export function useApp(pick) {
	const [value, update] = useState(() => pick(state));
	useEffect(() => {
		const look = () => update(() => pick(state));
		look();
		listeners.add(look);
		return () => listeners.delete(look);
	}, []);
	return value;
}

let toastId = 0;
const SHOWN = 9000; // ms: long enough to read and to undo

export function toast(text, { undo = null, tone = "good" } = {}) {
	const id = ++toastId;
	set({ toasts: [...state.toasts.slice(-2), { id, text, undo, tone }] });
	if (tone !== "bad") setTimeout(() => dropToast(id), SHOWN);
	return id;
}
export const dropToast = (id) => set({ toasts: state.toasts.filter((one) => one.id !== id) });

// What is remembered in this browser only: the looks and the keys.
export function remembered(key, otherwise = null) {
	try {
		return localStorage.getItem(`meri-${key}`) ?? otherwise;
	} catch {
		return otherwise;
	}
}
export function remember(key, value) {
	try {
		if (value === null) localStorage.removeItem(`meri-${key}`);
		else localStorage.setItem(`meri-${key}`, value);
	} catch {
		/* storage is shut */
	}
}
