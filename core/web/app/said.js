// said: what the hub says in English words of its own, in the page's language. The API's notes, reasons and summaries
// are sentences of a few known forms; one that is not known is shown as it is.
import { t, has, word } from "./lang.js";

const NOTES = [
	[/^"(.+)" is nowhere: searched as the beginning of words$/s, "note.beginning", ["word"]],
	[/^"(.+)" is nowhere: searched "(.+)" instead$/s, "note.instead", ["word", "near"]],
	[/^"(.+)" is nowhere$/s, "note.nowhere", ["word"]],
	[/^"(.+)\*" is too short for a beginning: searched as a word$/s, "note.short", ["word"]],
	[/^no record has all of these words: shown are those that have most$/, "note.most", []],
	[/^kind:(\S+) is no kind: /s, "note.kind", ["word"]],
	[/^source:(.+) is no source that has records$/s, "note.source", ["word"]],
	[/^team:(.+) was left out: /s, "note.team", ["word"]],
	[/^customer:(.+) is nobody we know: searched as words$/s, "note.nobody", ["word"]],
	[/^customer: (.+)$/s, "note.customer", ["word"]],
	[/^(.+) is no span of time .*: searched as words$/s, "note.span", ["word"]],
	[/^(.+) is no date .*: searched as words$/s, "note.date", ["word"]],
	[/^(\S+): is no field: searched as words$/s, "note.field", ["word"]],
	[/^(\S+): has no value: left out$/s, "note.empty", ["word"]],
	[/^only the first (\d+) bytes were read$/, "note.long", ["n"]],
];

const WHYS = [
	[/^has not been read yet$/, "why.never", []],
	[/^is being read for the first time$/, "why.first", []],
	[/^last read (.+) ago$/, "why.stale", ["age"]],
	[/^the last run did not end well$/, "why.ended", []],
	[/^the last run left something out$/, "why.left", []],
	[/^cancelled\b.*; what it had checkpointed is kept$/s, "why.cancelled", []],
	[/^stopped because merid ends\b.*; what it had checkpointed is kept$/s, "why.closed", []],
	[/^stopped at its deadline of (.+?)(?: \(.*\))?; what it had checkpointed is kept$/s, "why.deadline", ["age"]],
	[/^(\d+) could not be read: meri source failures \S+ lists them$/s, "why.unread", ["n"]],
	[/^(\d+) removals are held: meri source approve \S+.*$/s, "why.held", ["n"]],
];

export function translated(text, forms) {
	for (const [pattern, key, names] of forms) {
		const found = pattern.exec(text ?? "");
		if (found && has(key)) return t(key, Object.fromEntries(names.map((name, i) => [name, found[i + 1]])));
	}
	return text ?? "";
}

export const note = (text) => translated(text, NOTES);
// A near word that was searched instead: offered as a link to look for what was typed.
export const instead = (text) => NOTES[1][0].exec(text ?? "")?.slice(1, 3) ?? null;
export const why = (text) => translated(text, WHYS);

const SCHEDULES = [
	[/^manual$/, "schedule.manual", []],
	[/^every (\S+)$/, "schedule.every", ["span"]],
	[/^daily (\S+)$/, "schedule.daily", ["time"]],
];
export const schedule = (text) => translated(text, SCHEDULES);

// The rule of a link, and reasons such as "mention (Matti Lahtela)" or "name: a ~ b; phone: 050".
export const rule = (name) => word("rule", String(name ?? "").replace(/[^a-z]+/g, "-"));
export function reason(text) {
	const found = /^([a-z' -]+) \((.+)\)$/s.exec(text ?? "");
	return found ? { rule: rule(found[1]), words: found[2] } : { rule: null, words: text ?? "" };
}
