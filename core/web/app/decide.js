// decide: a person's decisions: what they would move, carrying them out, and taking them back.
import { t, word } from "./lang.js";
import { post } from "./api.js";
import { forget } from "./load.js";
import { toast } from "./state.js";
import { errorText } from "../parts/states.js";

// Whoever shows what a decision may have changed looks again; told whether it was made or taken back.
const listeners = new Set();
export const onDecided = (listener) => (listeners.add(listener), () => listeners.delete(listener));
export function changedNow(how = "changed") {
	forget();
	for (const listener of listeners) listener(how);
}

// {records, customers} that would move. Where one thing takes two decisions, the last one's preview may not know of the
// first; the numbers are then the larger of both.
export async function preview(whats) {
	let records = 0;
	let customers = 0;
	for (const what of whats) {
		const effect = await post("/decisions", { what, preview: true });
		records = Math.max(records, effect.records);
		customers = Math.max(customers, effect.customers);
	}
	return { records, customers };
}

async function takeBack(ids, text) {
	try {
		for (const id of [...ids].reverse()) await post(`/decisions/${id}/undo`, { why: t("decide.undo-why") });
		toast(t("decide.undone", { what: text }));
	} catch (error) {
		toast(errorText(error), { tone: "bad" });
	}
	changedNow("undone");
}

// Carries out all or, when one is refused, none. The message offers the way back. Gives the effects, or throws.
export async function decide(whats, text, why = "") {
	const done = [];
	const effects = [];
	try {
		for (const what of whats) {
			const filled = typeof what === "function" ? what(effects) : what;
			const effect = await post("/decisions", why ? { what: filled, why } : { what: filled });
			effects.push(effect);
			done.push(effect.decision);
		}
	} catch (error) {
		for (const id of done.reverse()) await post(`/decisions/${id}/undo`, {}).catch(() => {});
		throw error;
	}
	changedNow();
	toast(text, { undo: () => takeBack(done, text) });
	return effects;
}
export const undo = (id, text) => takeBack([id], text);
