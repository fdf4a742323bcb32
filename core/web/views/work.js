// work: what waits for somebody's word: suggestions, and records about nobody that we know. Made to be gone through
// quickly: j and k move, y says yes, n says no, s lets it be, u takes back.
import { html, useEffect, useRef, useState } from "../app/html.js";
import { t, word } from "../app/lang.js";
import { usePages } from "../app/load.js";
import { changed, plain } from "../app/urls.js";
import { addKeys, currentRow } from "../app/keys.js";
import { useTitle } from "../app/title.js";
import { decide, onDecided } from "../app/decide.js";
import { get as state, dropToast } from "../app/state.js";
import { Button, Field, More, Time } from "../parts/bits.js";
import { errorText, Failed, Nothing, Skeleton } from "../parts/states.js";
import { Dialog } from "../parts/dialog.js";
import { Picker } from "../parts/picker.js";
import { Confirm } from "../parts/why.js";
import { answer, keyOf, Suggestion } from "../parts/suggestion.js";

// The focus goes on to the next one when one is decided.
function focusNext(key) {
	const all = [...document.querySelectorAll("[data-suggestion]")];
	const at = all.findIndex((one) => one.dataset.suggestion === key);
	return (all[at + 1] ?? all[at - 1])?.dataset.suggestion ?? null;
}

function Suggestions() {
	const pages = usePages("/suggestions", { n: 50 }, "suggestions");
	const [gone, setGone] = useState(() => new Set());
	const next = useRef(null);
	const skipped = useRef(new Set());
	const rows = pages.rows.filter((s) => !gone.has(keyOf(s)));
	const drop = (s) => {
		next.current = focusNext(keyOf(s));
		setGone((old) => new Set(old).add(keyOf(s)));
	};
	const [deciding, setDeciding] = useState(0);
	const decideOne = async (s, yes) => {
		drop(s);
		setDeciding((n) => n + 1);
		if (!(await answer(s, yes))) setGone((old) => (old.delete(keyOf(s)), new Set(old)));
		setDeciding((n) => n - 1);
	};
	// What is decided leaves the list by itself, so that one keeps one's place; what is taken back comes again.
	const anew = () => {
		setGone(new Set(skipped.current));
		pages.again();
	};
	useEffect(() => onDecided((how) => how === "undone" && anew()), [pages.again]);
	// When all that is shown is decided, and the hub has noted it, there may be more.
	useEffect(() => {
		if (!pages.more || pages.loading || rows.length || deciding) return;
		if (pages.rows.every((s) => skipped.current.has(keyOf(s)))) pages.next();
		else anew();
	}, [rows.length, deciding, pages.more, pages.loading]);
	useEffect(() => {
		if (next.current) document.getElementById(`s-${next.current}`)?.focus({ preventScroll: false });
		next.current = null;
	}, [gone]);
	const skip = (s) => (skipped.current.add(keyOf(s)), drop(s));
	const under = () => {
		const key = currentRow()?.dataset?.suggestion;
		return rows.find((s) => keyOf(s) === key) ?? rows[0];
	};
	useEffect(() => {
		const on = (run) => () => (rows.length ? (run(under()), true) : false);
		const undo = () => {
			const last = state().toasts.filter((one) => one.undo).at(-1);
			if (!last) return false;
			dropToast(last.id);
			last.undo();
			return true;
		};
		return addKeys({ y: on((s) => decideOne(s, true)), n: on((s) => decideOne(s, false)), s: on(skip), u: undo });
	}, [rows]);
	if (pages.error && !pages.rows.length) return html`<${Failed} error=${pages.error} again=${pages.again} />`;
	if (!pages.first) return html`<${Skeleton} rows=${5} />`;
	if (!rows.length) return html`<${Nothing} icon="check" title=${t("work.done")}>${skipped.current.size ? html`<p>${t("work.skipped", { n: skipped.current.size })}</p>` : t("work.done-text")}<//>`;
	return html`<p class="unseen" role="status">${t("work.n-left", { n: rows.length })}</p><ul class="suggestions" data-list>${rows.map((s) => html`<li key=${keyOf(s)}><${Suggestion} suggestion=${s} onSkip=${skip} onAnswer=${decideOne} /></li>`)}</ul><${More} pages=${pages} />`;
}

// Whose are they? A customer that is known, or a new one.
function Whose({ group, onClose }) {
	const [way, setWay] = useState("known");
	const [to, setTo] = useState(null);
	const [name, setName] = useState(group.kind === "name" ? group.value : "");
	const [error, setError] = useState(null);
	const own = (customer) => ({ kind: "own", customer, key: group.kind, value: group.value });
	const create = async (event) => {
		event.preventDefault();
		try {
			await decide([{ kind: "create", name: name.trim(), person: false }, (effects) => own(effects[0].customer)], t("work.created", { name: name.trim() }));
			onClose();
		} catch (e) {
			setError(errorText(e));
		}
	};
	const tab = (key) => html`<button type="button" class="tab" aria-pressed=${way === key ? "true" : "false"} onClick=${() => setWay(key)}>${t(`work.${key}`)}</button>`;
	return html`<${Dialog} title=${t("work.whose", { value: group.value })} onClose=${onClose}><div class="tabs">${tab("known")}${tab("new")}</div>
		${way === "known" ? (to ? html`<${Confirm} whats=${[own(to.id)]} text=${t("change.own-text", { key: word("key", group.kind), value: group.value, name: to.name })} label=${t("change.own-do")} done=${t("change.own-done", { value: group.value })} onCancel=${() => setTo(null)} onDone=${onClose} />`
			: html`<${Picker} label=${t("why.to-whom")} onPick=${setTo} />`)
			: html`<form onSubmit=${create}><${Field} id="new-name" label=${t("work.new-name")} required maxlength="300" value=${name} error=${error} onInput=${(e) => setName(e.target.value)} /><div class="buttons"><${Button} tone="main" type="submit" disabled=${!name.trim()}>${t("work.create")}<//><${Button} onClick=${onClose}>${t("cancel")}<//></div></form>`}<//>`;
}

const DECIDABLE = ["domain", "e-mail", "name", "phone", "crm-id", "business-id"];

function Unmatched() {
	const pages = usePages("/unmatched", { n: 50 }, "unmatched");
	const [whose, setWhose] = useState(null);
	useEffect(() => onDecided(pages.again), []);
	if (pages.error && !pages.rows.length) return html`<${Failed} error=${pages.error} again=${pages.again} />`;
	if (!pages.first) return html`<${Skeleton} rows=${5} />`;
	if (!pages.rows.length) return html`<${Nothing} icon="check" title=${t("work.none-unmatched")}>${t("work.none-unmatched-text")}<//>`;
	return html`<ul class="unmatched" data-list>${pages.rows.map((g) => html`<li key=${`${g.kind} ${g.value}`} class="unmatched-row" data-row-holder>
		<div class="unmatched-main">${g.value ? html`<span class="key-kind">${word("key", g.kind)}</span> <b><bdi>${plain(g.value)}</bdi></b>` : html`<b>${t("work.no-key")}</b>`}
			<p class="quiet-text">${t("work.newest")} <a data-row id=${`u-${g.kind}-${g.value}`} href=${`/record/${g.sample}`}><bdi>${g.title || t("untitled")}</bdi></a> · <${Time} at=${g.last_at} relative /></p></div>
		<span class="unmatched-count">${t("n-records", { n: g.records })}</span>
		${DECIDABLE.includes(g.kind) && g.value && html`<${Button} small icon="link" onClick=${() => setWhose(g)}>${t("work.whose-ask")}<//>`}</li>`)}</ul><${More} pages=${pages} />
		${whose && html`<${Whose} group=${whose} onClose=${() => setWhose(null)} />`}`;
}

export default function Work({ route }) {
	const tab = route.params.get("tab") === "unmatched" ? "unmatched" : "suggestions";
	useTitle(t("nav.work"));
	const link = (name) => html`<a class="tab" href=${changed("/work", route.params, { tab: name === "suggestions" ? null : name })} aria-current=${tab === name ? "page" : undefined}>${t(`work.${name}`)}</a>`;
	return html`<div class="narrow"><header class="view-head"><h1 tabindex="-1">${t("nav.work")}</h1><p class="lead">${t(`work.lead.${tab}`)}</p></header>
		<nav class="tabs" aria-label=${t("nav.work")}>${link("suggestions")}${link("unmatched")}</nav>
		${tab === "suggestions" && html`<p class="keys-line" aria-hidden="true"><kbd>j</kbd><kbd>k</kbd> ${t("keys.move")} <kbd>y</kbd> ${t("keys.yes")} <kbd>n</kbd> ${t("keys.no")} <kbd>s</kbd> ${t("keys.skip")} <kbd>u</kbd> ${t("keys.undo")}</p>`}
		${tab === "suggestions" ? html`<${Suggestions} />` : html`<${Unmatched} />`}</div>`;
}
