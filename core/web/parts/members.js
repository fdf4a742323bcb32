// members: what a customer is made of, what people decided about it, and changing that: putting two together, taking a
// part out, naming a key as theirs.
import { html, useEffect, useState } from "../app/html.js";
import { t, word, timeOf } from "../app/lang.js";
import { reason } from "../app/said.js";
import { useLoad } from "../app/load.js";
import { go } from "../app/router.js";
import { onDecided, undo } from "../app/decide.js";
import { Badge, Button, Card, Field } from "./bits.js";
import { Dialog } from "./dialog.js";
import { Picker } from "./picker.js";
import { Confirm } from "./why.js";

// The records that tell of the customer, and what ties them together.
export function Members({ customer }) {
	const all = customer.members ?? [];
	if (!all.length) return null;
	return html`<${Card} title=${t("members.title")} count=${all.length} fold id="members"><ul class="members">${all.map((m) => html`<li key=${m.id}>
		${m.record ? html`<a href=${`/record/${m.record}`}><bdi>${m.name}</bdi></a>` : html`<bdi>${m.name}</bdi>`} <span class="quiet-text">${m.source ? html`<bdi>${m.source}</bdi>` : t("members.by-hand")}${m.external_id && html` · <bdi class="mono">${m.external_id}</bdi>`}</span>
		${m.why && html`<p class="member-why"><bdi>${m.why}</bdi></p>`}</li>`)}</ul><//>`;
}

// A decision in a few words.
export function decisionText(d) {
	const what = d.what ?? {};
	return t(`decision.${d.kind}`, { name: what.name ?? "", key: what.key ? word("key", what.key) : "", value: what.value ?? "", role: what.role ?? "", n: (what.records ?? []).length });
}

export function Decisions({ customer }) {
	const load = useLoad("/decisions", { customer, n: 20 });
	useEffect(() => onDecided(load.again), []);
	const all = load.data?.decisions ?? [];
	if (!all.length) return null;
	return html`<${Card} title=${t("decisions.title")} count=${all.length} fold id="decisions"><ul class="decisions">${all.map((d) => html`<li key=${d.id} class=${d.undone_at ? "is-undone" : undefined}>
		<span>${decisionText(d)}</span><p class="quiet-text"><bdi>${d.by}</bdi> · ${timeOf(d.made_at)}${d.undone_at && html` · ${t("decisions.undone")}`}</p>${d.why && html`<p class="quiet-text"><bdi>${d.why}</bdi></p>`}
		${!d.undone_at && html`<${Button} small icon="undo" onClick=${() => undo(d.id, decisionText(d))}>${t("undo")}<//>`}</li>`)}</ul><//>`;
}

const KEYS = ["domain", "e-mail", "phone", "business-id", "crm-id", "name"];

function Merge({ customer, onBack, onDone }) {
	const [to, setTo] = useState(null);
	if (!to) return html`<${Picker} label=${t("change.same-as")} kind=${customer.kind} without=${customer.id} onPick=${setTo} />`;
	return html`<${Confirm} whats=${[{ kind: "merge", from: to.id, into: customer.id }]} text=${t("change.merge-text", { name: customer.name, other: to.name })} label=${t("change.merge-do")}
		done=${t("change.merged", { name: customer.name, other: to.name })} onCancel=${onBack} onDone=${onDone} />`;
}

function Split({ customer, onBack, onDone }) {
	const [chosen, setChosen] = useState([]);
	const [sure, setSure] = useState(false);
	const all = (customer.members ?? []).filter((m) => m.record);
	if (all.length < 2) return html`<p class="quiet-text">${t("change.one-member")}</p>`;
	if (sure) return html`<${Confirm} whats=${[{ kind: "split", customer: customer.id, records: chosen }]} text=${t("change.split-text", { n: chosen.length })} label=${t("change.split-do")} done=${t("change.split-done")} onCancel=${() => setSure(false)} onDone=${onDone} />`;
	const flip = (id) => setChosen((old) => (old.includes(id) ? old.filter((one) => one !== id) : [...old, id]));
	return html`<fieldset class="choices"><legend>${t("change.which")}</legend>${all.map((m) => html`<label key=${m.id}><input type="checkbox" checked=${chosen.includes(m.record)} onChange=${() => flip(m.record)} /> <bdi>${m.name}</bdi> <span class="quiet-text"><bdi>${m.source}</bdi></span></label>`)}</fieldset>
		<div class="buttons"><${Button} tone="main" disabled=${!chosen.length || chosen.length === all.length} onClick=${() => setSure(true)}>${t("go-on")}<//><${Button} onClick=${onBack}>${t("cancel")}<//></div>`;
}

function Own({ customer, onBack, onDone }) {
	const [key, setKey] = useState("domain");
	const [value, setValue] = useState("");
	const [sure, setSure] = useState(false);
	if (sure) return html`<${Confirm} whats=${[{ kind: "own", customer: customer.id, key, value: value.trim() }]} text=${t("change.own-text", { key: word("key", key), value: value.trim(), name: customer.name })} label=${t("change.own-do")} done=${t("change.own-done", { value: value.trim() })} onCancel=${() => setSure(false)} onDone=${onDone} />`;
	return html`<form onSubmit=${(e) => (e.preventDefault(), value.trim() && setSure(true))}><${Field} id="own-key" as="select" label=${t("change.key")} value=${key} onChange=${(e) => setKey(e.target.value)}>${KEYS.map((k) => html`<option key=${k} value=${k}>${word("key", k)}</option>`)}<//>
		<${Field} id="own-value" label=${t("change.value")} required value=${value} onInput=${(e) => setValue(e.target.value)} /><div class="buttons"><${Button} tone="main" type="submit">${t("go-on")}<//><${Button} onClick=${onBack}>${t("cancel")}<//></div></form>`;
}

function Apart({ customer, onBack, onDone }) {
	const [to, setTo] = useState(null);
	if (!to) return html`<${Picker} label=${t("change.not-same-as")} kind=${customer.kind} without=${customer.id} onPick=${setTo} />`;
	return html`<${Confirm} whats=${[{ kind: "apart", a: customer.id, b: to.id }]} text=${t("change.apart-text", { name: customer.name, other: to.name })} label=${t("change.apart-do")} done=${t("change.apart-done", { other: to.name })} onCancel=${onBack} onDone=${onDone} />`;
}

function Role({ customer, onBack, onDone }) {
	const people = (customer.people ?? []).filter((p) => p.id);
	const [person, setPerson] = useState(people[0]?.id ?? 0);
	const [role, setRole] = useState("");
	const [sure, setSure] = useState(false);
	if (!people.length) return html`<p class="quiet-text">${t("change.no-people")}</p>`;
	if (sure) return html`<${Confirm} whats=${[{ kind: "role", person: Number(person), customer: customer.id, role: role.trim() }]} text=${t("change.role-text", { name: people.find((p) => p.id === Number(person))?.name ?? "", role: role.trim() })} label=${t("change.role-do")} done=${t("change.role-done")} onCancel=${() => setSure(false)} onDone=${onDone} />`;
	return html`<form onSubmit=${(e) => (e.preventDefault(), role.trim() && setSure(true))}><${Field} id="role-person" as="select" label=${t("change.person")} value=${person} onChange=${(e) => setPerson(e.target.value)}>${people.map((p) => html`<option key=${p.id} value=${p.id}>${p.name || p.address}</option>`)}<//>
		<${Field} id="role-name" label=${t("change.role")} hint=${t("change.role-hint")} required maxlength="100" value=${role} onInput=${(e) => setRole(e.target.value)} /><div class="buttons"><${Button} tone="main" type="submit">${t("go-on")}<//><${Button} onClick=${onBack}>${t("cancel")}<//></div></form>`;
}

const WAYS = { merge: Merge, split: Split, apart: Apart, own: Own, role: Role };

export function Change({ customer, onClose, onDone }) {
	const [way, setWay] = useState(null);
	const Way = WAYS[way];
	const done = (effects) => {
		onDone();
		const to = effects?.at(-1)?.customer;
		if (to && way === "merge" && to !== customer.id) go(`/customer/${to}`);
	};
	return html`<${Dialog} title=${way ? t(`change.${way}`) : t("customer.change-title", { name: customer.name })} onClose=${onClose}>
		${Way ? html`<${Way} customer=${customer} onBack=${() => setWay(null)} onDone=${done} />`
			: html`<ul class="change-ways">${Object.keys(WAYS).filter((w) => customer.kind !== "person" || w !== "role").map((w) => html`<li key=${w}><button type="button" class="change-way" onClick=${() => setWay(w)}><b>${t(`change.${w}`)}</b><span>${t(`change.${w}-hint`)}</span></button></li>`)}</ul>`}<//>`;
}
