// why: "why is this here?": the rules and words that a link rests on, and the way to correct it: one click says what is
// wrong and shows what would move, the second does it.
import { html, useEffect, useState } from "../app/html.js";
import { t, word } from "../app/lang.js";
import { rule } from "../app/said.js";
import { useLoad } from "../app/load.js";
import { decide, preview, onDecided } from "../app/decide.js";
import { toast } from "../app/state.js";
import { Badge, Button, CustomerChip } from "./bits.js";
import { errorText, Loaded } from "./states.js";
import { Dialog } from "./dialog.js";
import { Picker } from "./picker.js";

// One entry a customer, with all its reasons.
export function grouped(links) {
	const all = new Map();
	for (const link of links) {
		if (!all.has(link.customer)) all.set(link.customer, { id: link.customer, name: link.name, strength: link.strength, reasons: [] });
		all.get(link.customer).reasons.push(link);
	}
	return [...all.values()];
}

// What a correction would move, and the button that does it.
export function Confirm({ whats, text, label, done, onCancel, onDone }) {
	const [effect, setEffect] = useState(null);
	const [error, setError] = useState(null);
	const [busy, setBusy] = useState(false);
	useEffect(() => {
		let live = true;
		preview(whats).then((e) => live && setEffect(e), (e) => live && setError(e));
		return () => (live = false);
	}, []);
	const run = async () => {
		setBusy(true);
		try {
			const effects = await decide(whats, done);
			onDone?.(effects);
		} catch (e) {
			setError(e);
			setBusy(false);
		}
	};
	return html`<div class="confirm"><p>${text}</p>
		<p class="confirm-effect" role="status">${error ? html`<span class="bad-text">${errorText(error)}</span>` : effect ? t("decide.moves", { n: effect.records }) : t("decide.counting")}
		${effect?.customers > 0 && html` ${t("decide.moves-customers", { n: effect.customers })}`}</p>
		<div class="buttons"><${Button} tone="main" busy=${busy || (!effect && !error)} disabled=${!!error} onClick=${run} autofocus>${label}<//>
		<${Button} onClick=${onCancel}>${t("cancel")}<//></div></div>`;
}

function Correction({ record, entry, onDone, onBack, way }) {
	const [to, setTo] = useState(null);
	const unlink = { kind: "unlink", customer: entry.id, records: [record.id] };
	if (way === "unlink")
		return html`<${Confirm} whats=${[unlink]} text=${t("why.unlink-text", { name: entry.name })} label=${t("why.unlink-do")}
			done=${t("why.unlinked", { name: entry.name })} onCancel=${onBack} onDone=${onDone} />`;
	if (!to) return html`<${Picker} label=${t("why.to-whom")} without=${entry.id} onPick=${setTo} /><div class="buttons"><${Button} onClick=${onBack}>${t("cancel")}<//></div>`;
	return html`<${Confirm} whats=${[unlink, { kind: "link", customer: to.id, records: [record.id] }]} text=${t("why.move-text", { name: entry.name, other: to.name })}
		label=${t("why.move-do")} done=${t("why.moved", { other: to.name })} onCancel=${onBack} onDone=${onDone} />`;
}

function Entry({ record, entry, onDone }) {
	const [way, setWay] = useState(null);
	const confirm = () =>
		decide([{ kind: "link", customer: entry.id, records: [record.id] }], t("why.confirmed", { name: entry.name })).then(onDone, (error) => toast(errorText(error), { tone: "bad" }));
	return html`<li class="why-entry"><div class="why-head"><${CustomerChip} customer=${entry} /><${Badge} tone=${entry.strength}>${word("strength", entry.strength)}<//></div>
		<ul class="why-reasons">${entry.reasons.map((r, i) => html`<li key=${i}><span class="why-rule">${rule(r.rule)}</span>${r.words && r.rule !== "decision" && html`<bdi class="why-words">${r.words}</bdi>`}</li>`)}</ul>
		${way ? html`<${Correction} record=${record} entry=${entry} way=${way} onBack=${() => setWay(null)} onDone=${() => (setWay(null), onDone())} />`
			: html`<div class="buttons">
				${entry.strength === "weak" && html`<${Button} small icon="check" onClick=${confirm}>${t("why.confirm")}<//>`}
				<${Button} small icon="close" onClick=${() => setWay("unlink")}>${t("why.unlink")}<//>
				<${Button} small icon="link" onClick=${() => setWay("move")}>${t("why.move")}<//></div>`}</li>`;
}

// Whom a record is about, why, and what to do if that is wrong.
export function Why({ record, onChange }) {
	const load = useLoad(`/records/${record.id}/links`);
	const [adding, setAdding] = useState(false);
	const [to, setTo] = useState(null);
	useEffect(() => onDecided(load.again), []);
	const done = () => {
		setAdding(false);
		setTo(null);
		onChange?.();
	};
	return html`<${Loaded} load=${load} rows=${2}>${(data) => {
		const all = grouped(data.links);
		return html`${all.length ? html`<ul class="why">${all.map((entry) => html`<${Entry} key=${entry.id} record=${record} entry=${entry} onDone=${done} />`)}</ul>` : html`<p class="quiet-text">${t("why.nobody")}</p>`}
			${!adding ? html`<${Button} small icon="plus" onClick=${() => setAdding(true)}>${t("why.add")}<//>`
				: !to ? html`<${Picker} label=${t("why.to-whom")} onPick=${setTo} /><div class="buttons"><${Button} onClick=${() => setAdding(false)}>${t("cancel")}<//></div>`
				: html`<${Confirm} whats=${[{ kind: "link", customer: to.id, records: [record.id] }]} text=${t("why.add-text", { name: to.name })} label=${t("why.add-do")}
					done=${t("why.added", { name: to.name })} onCancel=${() => setTo(null)} onDone=${done} />`}`;
	}}<//>`;
}

export const WhyDialog = ({ record, onClose }) =>
	html`<${Dialog} title=${t("why.title")} onClose=${onClose}><p class="why-record"><bdi>${record.title || t("untitled")}</bdi></p><${Why} record=${record} onChange=${onClose} /><//>`;
