// find: what a question found: customers first, then records, and every way to narrow them. The address holds it all.
import { html, cx, useEffect } from "../app/html.js";
import { t, number } from "../app/lang.js";
import { usePages } from "../app/load.js";
import { useTitle } from "../app/title.js";
import { changed } from "../app/urls.js";
import { note, instead } from "../app/said.js";
import { onDecided } from "../app/decide.js";
import { Kind, More, Time, records } from "../parts/bits.js";
import { Icon } from "../parts/icons.js";
import { Failed, Nothing, Skeleton } from "../parts/states.js";
import { FACETS, Facets, Limits } from "../parts/facets.js";
import { Hit } from "../parts/hit.js";
import { Silent } from "../parts/silent.js";
import { Beside } from "../parts/beside.js";

function asked(params) {
	const values = { q: params.get("q") ?? "", n: 25, sort: params.get("sort") === "newest" ? "newest" : null };
	for (const facet of FACETS) values[facet] = params.getAll(facet);
	return values;
}

// How the question was read, where that is not just what was typed.
function Read({ first, typed }) {
	const notes = first.notes ?? [];
	if (!notes.length) return null;
	return html`<ul class="notes" aria-label=${t("find.read")}>${notes.map((text, i) => {
		const near = instead(text);
		return html`<li key=${i}><${Icon} name="info" /><span><bdi>${note(text)}</bdi>${near && html` <a class="link" href=${`/find?q=${encodeURIComponent(`"${near[0]}"`)}`}>${t("find.exactly", { word: near[0] })}</a>`}</span></li>`;
	})}</ul>`;
}

function Customers({ customers }) {
	if (!customers?.length) return null;
	return html`<section class="found-customers" aria-label=${t("offers.customers")}><ul>${customers.map((c) => html`<li key=${c.id}><a class="found-customer" href=${`/customer/${c.id}`} id=${`fc-${c.id}`}>
		<${Kind} kind=${c.kind === "person" ? "person" : "account"} /><span class="found-name"><bdi>${c.name}</bdi></span>
		<span class="found-meta">${c.organisation && html`<bdi>${c.organisation}</bdi> · `}${records(c)}${c.last_at && html` · <${Time} at=${c.last_at} relative />`}</span></a></li>`)}</ul></section>`;
}

function Sort({ route }) {
	const newest = route.params.get("sort") === "newest";
	const way = (on, key, value) => html`<a href=${changed(route.path, route.params, { sort: value, open: null })} aria-current=${on ? "true" : undefined}>${t(key)}</a>`;
	return html`<div class="sort" role="group" aria-label=${t("find.sort")}>${way(!newest, "find.best", null)}${way(newest, "find.newest", "newest")}</div>`;
}

const total = (first) => (first.more ? t("find.many", { n: first.total }) : t("find.n", { n: first.total }));

function Results({ pages, route, names }) {
	const { first, rows } = pages;
	const limited = FACETS.some((f) => route.params.has(f));
	return html`<div class=${cx("results", (pages.stale || pages.loading) && "is-stale")}>
		<${Silent} silent=${first.silent} />
		${!limited && html`<${Customers} customers=${first.customers} />`}
		<${Read} first=${first} typed=${route.params.get("q")} />
		${rows.length
			? html`<div data-list class="hits" aria-busy=${pages.loadingMore ? "true" : "false"}>${rows.map((hit) => html`<${Hit} key=${hit.id} hit=${hit} level=${2} />`)}</div><${More} pages=${pages} />`
			: html`<${Nothing} title=${t("find.none")}>${limited ? html`<p>${t("find.none-limited")}</p><p><a class="link" href=${changed(route.path, route.params, Object.fromEntries(FACETS.map((f) => [f, null])))}>${t("limits.clear")}</a></p>` : html`<p>${t("find.none-text")}</p>`}<//>`}
	</div>`;
}

export function Find({ route }) {
	const q = route.params.get("q") ?? "";
	const any = q.trim() || FACETS.some((f) => route.params.has(f));
	const pages = usePages(any ? "/find" : null, asked(route.params), "hits");
	const open = route.params.get("open");
	useTitle(q || t("nav.find"));
	useEffect(() => onDecided(pages.again), []);
	const names = { ...Object.fromEntries((pages.first?.facets?.customer ?? []).map((c) => [c.value, c.name])), ...Object.fromEntries(pages.rows.flatMap((r) => r.customers ?? []).map((c) => [c.id, c.name])) };
	if (!any) return html`<div class="narrow"><h1 tabindex="-1" class="unseen">${t("nav.find")}</h1><${Nothing} title=${t("find.nothing-asked")}>${t("find.nothing-asked-text")}<//></div>`;
	return html`<div class=${cx("find", open && "with-drawer")}><div class="find-main">
			<header class="find-head"><h1 tabindex="-1"><span class="unseen">${t("find.title", { q })}</span><span class="find-total" role="status" aria-live="polite">${pages.error && !pages.loadingMore ? "" : pages.first && !pages.loading ? total(pages.first) : t("loading")}</span></h1>
				${pages.first?.took_ms !== undefined && html`<span class="took" aria-hidden="true">${t("find.took", { n: Math.round(pages.first.took_ms) })}</span>`}<${Sort} route=${route} /></header>
			<${Limits} route=${route} names=${names} facets=${pages.first?.facets} />
			<details class="facets-fold"><summary class="button is-small"><${Icon} name="filter" />${t("limits.open")}</summary><${Facets} facets=${pages.first?.facets} route=${route} names=${names} more=${pages.first?.more} /></details>
			${pages.error && !pages.loadingMore && !(pages.first && !pages.stale) ? html`<${Failed} error=${pages.error} again=${pages.again} />` : pages.first ? html`<${Results} pages=${pages} route=${route} names=${names} />` : html`<${Skeleton} rows=${7} kind="hits" />`}
		</div>
		${!open && html`<section class="find-side" aria-label=${t("limits.title")}><${Facets} facets=${pages.first?.facets} route=${route} names=${names} more=${pages.first?.more} /></section>`}
		<${Beside} route=${route} /></div>`;
}
