// record: one record, whole: what the source said, who took part, whom it is about and why, the conversation, the
// original, and what could not be read.
import { html, cx, useEffect, useState } from "../app/html.js";
import { t, word, timeOf, has } from "../app/lang.js";
import { plain, safeUrl } from "../app/urls.js";
import { useLoad, usePages } from "../app/load.js";
import { toast } from "../app/state.js";
import { remove } from "../app/api.js";
import { changedNow, onDecided } from "../app/decide.js";
import { Icon } from "./icons.js";
import { Button, Kind, More, Original, Said, Time } from "./bits.js";
import { errorText, Failed, Loaded, Skeleton } from "./states.js";
import { Hit } from "./hit.js";
import { Why } from "./why.js";
import { NoteForm } from "./note.js";

const LONG = 12000; // characters shown at once
const label = (group, name) => (has(`${group}.${name}`) ? t(`${group}.${name}`) : html`<bdi>${name}</bdi>`);

function Text({ text }) {
	const [whole, setWhole] = useState(false);
	if (!text) return html`<p class="quiet-text">${t("record.no-text")}</p>`;
	const long = !whole && text.length > LONG;
	return html`<div class="record-text"><${Said} as="div" class="said" text=${long ? `${text.slice(0, LONG)}…` : text} />
		${long && html`<${Button} small onClick=${() => setWhole(true)}>${t("record.show-whole", { n: text.length })}<//>`}</div>`;
}

function Address({ address }) {
	if (!address) return null;
	const tel = /^tel:([+\d]+)$/.exec(address);
	const mail = /^[^\s@<>:]+@[^\s@<>:]+$/.test(address) ? safeUrl(`mailto:${address}`) : null;
	if (mail) return html`<a href=${mail}><bdi>${plain(address)}</bdi></a>`;
	return html`<bdi class="quiet-text">${tel ? tel[1] : plain(address)}</bdi>`;
}

function Parties({ parties }) {
	const [all, setAll] = useState(false);
	if (!parties?.length) return null;
	const shown = all ? parties : parties.slice(0, 8);
	return html`<dl class="parties">${shown.map((p, i) => html`<div key=${i}><dt>${label("role", p.role ?? "other")}</dt>
		<dd>${p.name && html`<bdi class="party-name">${plain(p.name)}</bdi>`} <${Address} address=${p.address} />${p.organisation && html` · <bdi>${p.organisation}</bdi>`}</dd></div>`)}
		${shown.length < parties.length && html`<div><dt></dt><dd><button type="button" class="link-button" onClick=${() => setAll(true)}>${t("all-n", { n: parties.length })}</button></dd></div>`}</dl>`;
}

function Pairs({ heading, title, pairs, name, value, group }) {
	if (!pairs?.length) return null;
	return html`<section class="record-part"><${heading} class="part-title">${title}<//><dl class="pairs">${pairs.map((p, i) => {
		const url = safeUrl(p[value]);
		return html`<div key=${i}><dt>${label(group, p[name])}</dt><dd>${url ? html`<a href=${url} target="_blank" rel="noopener noreferrer external"><bdi>${plain(p[value])}</bdi></a>` : html`<bdi>${plain(p[value])}</bdi>`}</dd></div>`;
	})}</dl></section>`;
}

function Conversation({ record, level }) {
	const pages = usePages(`/records/${record.id}/thread`, {}, "records");
	if (pages.error && !pages.rows.length) return html`<${Failed} error=${pages.error} again=${pages.again} />`;
	if (!pages.first) return html`<${Skeleton} rows=${2} />`;
	return html`<ol class="conversation">${pages.rows.map((r) => html`<li key=${r.id} class=${cx("conversation-entry", r.id === record.id && "is-here")}>
		${r.id === record.id ? html`<p class="conversation-here"><${Kind} kind=${r.kind} /><span>${t("record.this")}</span><${Time} at=${r.occurred_at} /></p>` : html`<${Hit} hit=${r} level=${level} small />`}</li>`)}</ol><${More} pages=${pages} />`;
}

// A note of ours can be mended or taken away by its author and by admins.
function OwnNote({ record, again, onGone }) {
	const [editing, setEditing] = useState(false);
	const [asking, setAsking] = useState(false);
	if (!record.editable) return null;
	const take = async () => {
		try {
			await remove(`/notes/${record.id}`);
			toast(t("note.deleted"));
			changedNow();
			onGone?.();
		} catch (error) {
			toast(errorText(error), { tone: "bad" });
		}
	};
	if (editing) return html`<${NoteForm} note=${record} onDone=${() => (setEditing(false), again())} onCancel=${() => setEditing(false)} />`;
	return html`<div class="buttons"><${Button} small icon="pencil" onClick=${() => setEditing(true)}>${t("note.edit")}<//>
		${asking ? html`<span>${t("note.delete-sure")}</span><${Button} small tone="danger" onClick=${take}>${t("note.delete")}<//><${Button} small onClick=${() => setAsking(false)}>${t("cancel")}<//>`
			: html`<${Button} small icon="trash" onClick=${() => setAsking(true)}>${t("note.delete")}<//>`}</div>`;
}

function Whole({ record, again, heading, onGone }) {
	const H = heading;
	const P = H === "h1" ? "h2" : "h3";
	return html`<article class="record"><header class="record-head">
			<p class="record-kind"><${Kind} kind=${record.kind} />${word("kind", record.kind)} · <bdi>${record.source === "meri" ? t("source.meri") : record.source}</bdi> · <time datetime=${record.occurred_at}>${timeOf(record.occurred_at)}</time></p>
			<${H} tabindex="-1" class="record-title"><${Said} text=${record.title || t("untitled")} /><//>
			<${Parties} parties=${record.parties} />
			<p class="record-links"><${Original} url=${record.url} className="button is-small" />
				${heading !== "h1" && html`<a class="button is-small" href=${`/record/${record.id}`}><${Icon} name="link" />${t("record.own-page")}</a>`}</p></header>
		<${OwnNote} record=${record} again=${again} onGone=${onGone} />
		<${Text} text=${record.text} />
		${record.left_out?.length > 0 && html`<section class="record-part is-warning"><${P} class="part-title"><${Icon} name="warn" />${t("record.left-out")}<//>
			<ul>${record.left_out.map((l, i) => html`<li key=${i}><bdi>${l.what}</bdi>${l.why && html` – <bdi>${l.why}</bdi>`}</li>`)}</ul></section>`}
		<section class="record-part"><${P} class="part-title">${t("why.title")}<//><${Why} record=${record} onChange=${again} /></section>
		${(record.thread_size ?? 0) > 1 && html`<section class="record-part"><${P} class="part-title">${t("record.conversation", { n: record.thread_size })}<//><${Conversation} record=${record} level=${H === "h1" ? 3 : 4} /></section>`}
		<${Pairs} heading=${P} title=${t("record.fields")} pairs=${record.fields} name="name" value="value" group="field" />
		<${Pairs} heading=${P} title=${t("record.hints")} pairs=${record.hints} name="scheme" value="value" group="key" />
		<section class="record-part"><${P} class="part-title">${t("record.about")}<//><dl class="pairs">
			<div><dt>${t("record.id")}</dt><dd><bdi class="mono">${record.external_id}</bdi></dd></div>
			${record.item && record.item !== record.external_id && html`<div><dt>${t("record.item")}</dt><dd><bdi class="mono">${record.item}</bdi></dd></div>`}
			${record.updated_at && html`<div><dt>${t("record.updated")}</dt><dd>${timeOf(record.updated_at)}</dd></div>`}
			<div><dt>${t("record.added")}</dt><dd>${timeOf(record.added_at)}</dd></div></dl></section>
	</article>`;
}

export function RecordView({ id, heading = "h2", onGone, onTitle }) {
	const load = useLoad(`/records/${id}`, {}, { fresh: true });
	useEffect(() => onDecided(load.again), []);
	useEffect(() => load.data && onTitle?.(load.data.title || t("untitled")), [load.data]);
	return html`<${Loaded} load=${load} skeleton="text" rows=${8} heading=${heading}>${(record) => html`<${Whole} key=${record.id} record=${record} again=${load.again} heading=${heading} onGone=${onGone} />`}<//>`;
}
