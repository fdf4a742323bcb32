// timeline: everything about a customer, newest first, across all sources, with filters.
import { html, cx, useEffect, useState } from "../app/html.js";
import { t, word, number, monthOf } from "../app/lang.js";
import { usePages } from "../app/load.js";
import { go } from "../app/router.js";
import { changed } from "../app/urls.js";
import { onDecided } from "../app/decide.js";
import { Icon } from "./icons.js";
import { More } from "./bits.js";
import { Failed, Nothing, Skeleton } from "./states.js";
import { Limits } from "./facets.js";
import { Hit } from "./hit.js";

const FILTERS = ["source", "kind", "year"];
const PAUSE = 250; // ms of not typing

// One choice a filter: a select is quick by keyboard and on a phone; several are added one by one.
function Filter({ name, tallies, route }) {
	const chosen = route.params.getAll(name);
	const left = (tallies ?? []).filter((one) => !chosen.includes(one.value));
	if (!left.length) return null;
	const called = (value) => (name === "kind" ? word("kind", value) : name === "source" && value === "meri" ? t("source.meri") : value);
	return html`<label class="filter"><span class="unseen">${t(`facet.${name}`)}</span><select value="" onChange=${(e) => go(changed(route.path, route.params, { [name]: [...chosen, e.target.value], open: null }))}>
		<option value="">${t(`facet.${name}`)}</option>${left.map((one) => html`<option key=${one.value} value=${one.value}>${called(one.value)} (${number(one.count)})</option>`)}</select></label>`;
}

function Words({ route }) {
	const q = route.params.get("q") ?? "";
	const [typed, setTyped] = useState(q);
	useEffect(() => setTyped(q), [q]);
	useEffect(() => {
		if (typed === q) return undefined;
		const timer = setTimeout(() => go(changed(route.path, route.params, { q: typed.trim() || null, open: null }), { replace: true }), PAUSE);
		return () => clearTimeout(timer);
	}, [typed]);
	return html`<label class="filter is-words"><span class="unseen">${t("timeline.words")}</span><${Icon} name="search" />
		<input type="search" value=${typed} placeholder=${t("timeline.words")} dir="auto" onInput=${(e) => setTyped(e.target.value)} /></label>`;
}

// Rows under the month they belong to.
function byMonth(rows) {
	const months = [];
	for (const row of rows) {
		const month = row.occurred_at?.slice(0, 7) ?? "";
		if (months.at(-1)?.month !== month) months.push({ month, rows: [] });
		months.at(-1).rows.push(row);
	}
	return months;
}

export function Timeline({ customer, route, limited }) {
	const params = { n: 40, q: route.params.get("q") };
	for (const name of FILTERS) params[name] = route.params.getAll(name);
	const pages = usePages(`/customers/${customer.id}/timeline`, params, "records");
	useEffect(() => onDecided(pages.again), []);
	const sources = customer.sources ?? [];
	return html`<section class="timeline" aria-label=${t("timeline.title")}><header class="timeline-head"><h2>${t("timeline.title")}</h2>
			<span class="count" role="status">${pages.first && !pages.loading ? (pages.first.more ? t("find.many", { n: pages.first.total }) : t("n-records", { n: pages.first.total ?? pages.rows.length })) : ""}</span>
			<div class="filters"><${Words} route=${route} /><${Filter} name="source" tallies=${sources} route=${route} /><${Filter} name="kind" tallies=${customer.kinds} route=${route} /><${Filter} name="year" tallies=${customer.years} route=${route} /></div></header>
		<${Limits} route=${route} only=${FILTERS} />
		${pages.error && !pages.rows.length ? html`<${Failed} error=${pages.error} again=${pages.again} />` : !pages.first ? html`<${Skeleton} rows=${6} kind="hits" />`
			: !pages.rows.length ? html`<${Nothing} title=${limited ? t("timeline.none-limited") : t("timeline.none")}>${limited && html`<a class="link" href=${route.path}>${t("limits.clear")}</a>`}<//>`
			: html`<div data-list class=${cx("hits", "is-timeline", (pages.stale || pages.loading) && "is-stale")}>${byMonth(pages.rows).map((m) => html`<section key=${m.month} class="month" aria-label=${m.month ? monthOf(m.month) : t("undated")}>
				<p class="month-name" aria-hidden="true">${m.month ? monthOf(m.month) : t("undated")}</p>${m.rows.map((hit) => html`<${Hit} key=${hit.id} hit=${hit} about=${customer.id} />`)}</section>`)}</div><${More} pages=${pages} />`}</section>`;
}
