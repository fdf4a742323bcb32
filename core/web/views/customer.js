// customer: all that is known of one customer: who they are, who works there, what happened and when, what is open.
import { html, cx, useEffect, useState } from "../app/html.js";
import { t, word, number, ago, dayOf } from "../app/lang.js";
import { useLoad } from "../app/load.js";
import { go, place } from "../app/router.js";
import { changed, plain, safeUrl } from "../app/urls.js";
import { useTitle } from "../app/title.js";
import { onDecided } from "../app/decide.js";
import { why } from "../app/said.js";
import { Icon } from "../parts/icons.js";
import { Badge, Button, Card, Kind, Time } from "../parts/bits.js";
import { Loaded } from "../parts/states.js";
import { Contacts } from "../parts/chart.js";
import { Beside } from "../parts/beside.js";
import { NoteForm } from "../parts/note.js";
import { Silent } from "../parts/silent.js";
import { Timeline } from "../parts/timeline.js";
import { Change, Decisions, Members } from "../parts/members.js";
import { Suggested } from "../parts/suggested.js";

const ORIGINALS = 4; // links to where the customer is kept
const FADED = 365; // days without a contact before the head says so

// A key as a person would use it: an address to write to, a number to call.
function Key({ k }) {
	const url = k.kind === "e-mail" ? safeUrl(`mailto:${k.value}`) : k.kind === "domain" ? safeUrl(`https://${k.value}`) : null;
	return html`<li class="key"><span class="key-kind">${word("key", k.kind)}</span> ${url
		? html`<a href=${url} target=${k.kind === "domain" ? "_blank" : undefined} rel="noopener noreferrer external"><bdi>${plain(k.value)}</bdi></a>`
		: html`<bdi>${plain(k.value)}</bdi>`}${k.doubt && html` <${Badge} tone="weak">${t("key.doubt")}<//>`}${k.decided && html` <${Badge} tone="decided">${t("strength.decided")}<//>`}</li>`;
}

function Head({ c, onNote, onChange }) {
	const keys = c.keys.filter((k) => k.kind !== "name");
	const shown = keys.slice(0, 6);
	const [all, setAll] = useState(false);
	const originals = (c.members ?? []).filter((m) => safeUrl(m.url)).slice(0, ORIGINALS);
	const names = new Map();
	for (const m of originals) names.set(m.source, (names.get(m.source) ?? 0) + 1);
	const quiet = c.last_at && (Date.now() - Date.parse(c.last_at)) / 86400000 > FADED;
	return html`<header class="customer-head"><div class="customer-title"><${Kind} kind=${c.kind === "person" ? "person" : "account"} />
			<div><h1 tabindex="-1"><bdi>${plain(c.name)}</bdi></h1>
			<p class="customer-line">${word("customer", c.kind)}${c.employers?.length > 0 && html`, <a href=${`/customer/${c.employers[0].id}`}><bdi>${c.employers[0].name}</bdi></a>`} · ${t("n-records", { n: c.records })}
				${c.last_at && html` · <span class=${quiet ? "is-faded" : undefined}>${t("customer.last", { ago: ago(c.last_at) })}</span>`}${c.first_at && html` · ${t("customer.since", { year: c.first_at.slice(0, 4) })}`}</p></div></div>
		<div class="buttons"><${Button} tone="main" icon="pencil" onClick=${onNote}>${t("note.new")}<//><${Button} icon="merge" onClick=${onChange}>${t("customer.change")}<//></div>
		<ul class="keys">${originals.map((m) => html`<li key=${m.id}><a class="original" href=${safeUrl(m.url)} target="_blank" rel="noopener noreferrer external" title=${t("record.original")}><${Icon} name="out" /><bdi>${m.source}</bdi>${names.get(m.source) > 1 ? html` <bdi class="quiet-text">${m.name}</bdi>` : ""}<span class="unseen">: ${t("record.original")} ${t("opens-new")}</span></a></li>`)}
			${(all ? keys : shown).map((k) => html`<${Key} key=${k.kind + k.value} k=${k} />`)}${keys.length > shown.length && html`<li><button type="button" class="link-button" aria-expanded=${all ? "true" : "false"} onClick=${() => setAll(!all)}>${all ? t("fewer") : t("all-n", { n: keys.length })}</button></li>`}</ul></header>`;
}

const SHORT = 6;

function People({ people, title, id }) {
	const [all, setAll] = useState(false);
	if (!people?.length) return null;
	const shown = all ? people : people.slice(0, SHORT);
	return html`<${Card} title=${title} count=${number(people.length)} fold id=${id}><ul class="people">${shown.map((p, i) => html`<li key=${p.id || i} class=${cx("person", p.until && "is-former")}>
		<span class="face" aria-hidden="true">${initial(p.name || p.address)}</span><div class="person-main"><span class="person-head">${p.id ? html`<a href=${`/customer/${p.id}`}><bdi>${plain(p.name || p.address)}</bdi></a>` : html`<bdi>${plain(p.name || p.address)}</bdi>`}<${Time} at=${p.last_at} relative className="person-last" /></span>
			${p.role && html`<span class="person-role"><bdi>${p.role}</bdi></span>`}
			${p.address && p.name && html`<span class="person-address"><bdi>${plain(p.address)}</bdi></span>`}
			${p.until && html`<span class="person-role">${t("person.until", { day: dayOf(p.until) })}</span>`}</div></li>`)}</ul>
		${people.length > SHORT && html`<button type="button" class="link-button" aria-expanded=${all ? "true" : "false"} onClick=${() => setAll(!all)}>${all ? t("fewer") : t("all-n", { n: people.length })}</button>`}<//>`;
}
const initial = (text) => Array.from(text ?? "?").find((c) => /\p{L}|\p{N}/u.test(c))?.toUpperCase() ?? "?";

function Open({ open, route }) {
	if (!open) return null;
	return html`<${Card} title=${t("customer.open")} count=${number(open.length)} id="open-matters">${open.length
		? html`<ul class="open-matters">${open.map((o) => html`<li key=${o.id}><${Kind} kind=${o.kind} /><div><a href=${changed(route.path, route.params, { open: o.id })}><bdi>${o.title || t("untitled")}</bdi></a>
			<p class="quiet-text">${o.status && html`<${Badge} said>${o.status}<//> `}<bdi>${o.source}</bdi> · <${Time} at=${o.occurred_at} relative /></p></div></li>`)}</ul>`
		: html`<p class="quiet-text">${t("customer.nothing-open")}</p>`}<//>`;
}

// Per source: the last contact, how many records, and whether the source itself is up to date.
function Sources({ sources, route }) {
	if (!sources?.length) return null;
	return html`<${Card} title=${t("customer.sources")} fold id="sources"><ul class="last-contacts">${sources.map((s) => html`<li key=${s.value}>
		<span class=${`dot is-${s.state ?? "fresh"}`} aria-hidden="true"></span><a href=${changed(route.path, route.params, { source: s.value, open: null })}><bdi>${s.value === "meri" ? t("source.meri") : s.value}</bdi></a>
		<span class="quiet-text" title=${t("n-records", { n: s.count })}>${number(s.count)}</span><span class="last-contact"><${Time} at=${s.last_at} relative /></span>
		${s.state && s.state !== "fresh" && html`<span class="last-why"><b>${word("state", s.state)}</b>${s.why && html`: <bdi>${why(s.why)}</bdi>`}</span>`}</li>`)}</ul><//>`;
}

function Whole({ c, route, again }) {
	const [writing, setWriting] = useState(false);
	const [changing, setChanging] = useState(false);
	const limited = ["source", "kind", "year", "q"].some((name) => route.params.get(name));
	return html`<${Head} c=${c} onNote=${() => setWriting(true)} onChange=${() => setChanging(true)} />
		<${Silent} silent=${c.silent} />
		<div class="customer-columns"><div class="customer-main">
			${writing && html`<section class="card is-open note-card" aria-label=${t("note.new")}><h2>${t("note.about", { name: c.name })}</h2><${NoteForm} customer=${c.id} onDone=${() => setWriting(false)} onCancel=${() => setWriting(false)} /></section>`}
			${c.months && html`<section class="card is-open" aria-label=${t("chart.title")}><h2>${t("chart.title")}</h2><${Contacts} months=${c.months} /></section>`}
			<${Timeline} customer=${c} route=${route} limited=${limited} /></div>
		<div class="customer-side"><${Open} open=${c.open} route=${route} /><${Suggested} customer=${c} />
			<${People} people=${c.people} title=${t("customer.people")} id="people" /><${People} people=${c.employers} title=${t("customer.employers")} id="employers" />
			<${Sources} sources=${c.sources} route=${route} /><${Members} customer=${c} /><${Decisions} customer=${c.id} /></div></div>
		${changing && html`<${Change} customer=${c} onClose=${() => setChanging(false)} onDone=${() => (setChanging(false), again())} />`}`;
}

export function Customer({ route }) {
	const load = useLoad(`/customers/${route.id}`, {}, { quiet: true });
	const open = route.params.get("open");
	useTitle(load.data?.name ?? "");
	useEffect(() => onDecided(load.again), []);
	// An id of before a merge leads to the customer of today: the address follows.
	useEffect(() => {
		if (load.data && String(load.data.id) !== route.id && place().path === route.path) go(changed(`/customer/${load.data.id}`, route.params, {}), { replace: true });
	}, [load.data]);
	return html`<div class=${cx("customer", open && "with-drawer")}><${Loaded} load=${load} skeleton="customer" rows=${6} heading="h1">${(c) => html`<${Whole} c=${c} route=${route} again=${load.again} />`}<//>
		<${Beside} route=${route} /></div>`;
}
