// source: one source: its state, its runs, what could not be read.
import { html, useEffect, useState } from "../app/html.js";
import { t, word, number, timeOf } from "../app/lang.js";
import { useLoad, usePages } from "../app/load.js";
import { useLive } from "../app/live.js";
import { changed } from "../app/urls.js";
import { schedule } from "../app/said.js";
import { useTitle } from "../app/title.js";
import { More, Time } from "../parts/bits.js";
import { Failed, isAdmin, Loaded, Nothing, Skeleton } from "../parts/states.js";
import { Actions, Held, Progress, Reason, State } from "../parts/source.js";

const lasted = (run) => (run.ended_at && run.started_at ? Math.max(0, Math.round((Date.parse(run.ended_at) - Date.parse(run.started_at)) / 1000)) : null);

function Run({ run }) {
	const [open, setOpen] = useState(false);
	const seconds = lasted(run);
	const text = [run.message, run.output].filter(Boolean).join("\n\n");
	return html`<tr><th scope="row">${timeOf(run.started_at)}</th><td><span class=${`state is-${run.verdict ?? "running"}`}>${word("verdict", run.verdict ?? "running")}</span></td>
		<td class="is-number">${number(run.added)}</td><td class="is-number">${number(run.changed)}</td><td class="is-number">${number(run.removed)}</td><td class="is-number">${number(run.skipped)}</td>
		<td class="is-number">${seconds === null ? "–" : t("seconds", { n: seconds })}</td>
		<td>${text ? html`<button type="button" class="link-button" aria-expanded=${open ? "true" : "false"} onClick=${() => setOpen(!open)}>${open ? t("sources.hide-log") : t("sources.log")}</button>` : ""}</td></tr>
		${open && html`<tr class="run-log"><td colspan="8"><pre dir="auto" tabindex="0">${text}</pre></td></tr>`}`;
}

function Runs({ name, round }) {
	const pages = usePages(`/sources/${encodeURIComponent(name)}/runs`, { n: 25 }, "runs");
	useEffect(() => {
		if (round) pages.again();
	}, [round]);
	if (pages.error && !pages.rows.length) return html`<${Failed} error=${pages.error} again=${pages.again} />`;
	if (!pages.first) return html`<${Skeleton} rows=${5} />`;
	if (!pages.rows.length) return html`<${Nothing} icon="sync" title=${t("sources.no-runs")} />`;
	return html`<div class="table-box" tabindex="0" role="region" aria-label=${t("sources.runs")}><table class="table"><caption class="unseen">${t("sources.runs")}</caption><thead><tr><th scope="col">${t("sources.started-at")}</th><th scope="col">${t("sources.verdict")}</th>
		<th scope="col" class="is-number">${t("sources.added")}</th><th scope="col" class="is-number">${t("sources.changed")}</th><th scope="col" class="is-number">${t("sources.removed-n")}</th><th scope="col" class="is-number">${t("sources.skipped-n")}</th><th scope="col" class="is-number">${t("sources.lasted")}</th><th scope="col"><span class="unseen">${t("sources.log")}</span></th></tr></thead>
		<tbody>${pages.rows.map((run) => html`<${Run} key=${run.id} run=${run} />`)}</tbody></table></div><${More} pages=${pages} />`;
}

function Failures({ name }) {
	const pages = usePages(`/sources/${encodeURIComponent(name)}/failures`, { n: 50 }, "failures");
	if (pages.error && !pages.rows.length) return html`<${Failed} error=${pages.error} again=${pages.again} />`;
	if (!pages.first) return html`<${Skeleton} rows=${5} />`;
	if (!pages.rows.length) return html`<${Nothing} icon="check" title=${t("sources.no-failures")} />`;
	return html`<ul class="failures" data-list>${pages.rows.map((f) => html`<li key=${f.id}><p><bdi class="mono">${f.id}</bdi></p><p><bdi>${f.why}</bdi></p><p class="quiet-text">${t("sources.times", { n: f.times })} · ${t("sources.first")} <${Time} at=${f.first_at} relative /> · ${t("sources.last")} <${Time} at=${f.last_at} relative /></p></li>`)}</ul><${More} pages=${pages} />`;
}

export default function Source({ route }) {
	const load = useLoad(`/sources/${encodeURIComponent(route.id)}`);
	const { live } = useLive();
	const own = live[route.id];
	const [round, setRound] = useState(0);
	useTitle(route.id);
	useEffect(() => {
		if (own && !own.running && load.data) {
			load.again();
			setRound((n) => n + 1);
		}
	}, [own?.running, own?.run]);
	const tab = route.params.get("tab") === "failures" ? "failures" : "runs";
	const link = (name, count) => html`<a class="tab" href=${changed(route.path, route.params, { tab: name === "runs" ? null : name })} aria-current=${tab === name ? "page" : undefined}>${t(`sources.${name}`)}${count ? html` <span class="count">${number(count)}</span>` : ""}</a>`;
	return html`<div class="wide"><p class="trail"><a href="/sources">${t("nav.sources")}</a></p><${Loaded} load=${load} rows=${4} heading="h1">${(data) => {
		const s = { ...(data.source && typeof data.source === "object" ? data.source : data), ...own };
		if (s.withheld) return html`<h1 tabindex="-1"><bdi>${s.name}</bdi> <${State} source=${s} /></h1><${Nothing} icon="lock" title=${t("silent.withheld")} />`;
		return html`<header class="view-head"><h1 tabindex="-1"><bdi>${s.name === "meri" ? t("source.meri") : s.name}</bdi> <${State} source=${s} /></h1>
			<p class="lead">${s.connector && html`<bdi>${s.connector}</bdi>`}${s.schedule && html` · <bdi>${schedule(s.schedule)}</bdi>`}${s.records !== undefined && !s.withheld && ` · ${t("n-records", { n: s.records })}`}${s.last_ok_at && html` · ${t("sources.last-ok")} <${Time} at=${s.last_ok_at} relative />`}</p>
			<${Reason} source=${s} /><${Progress} source=${s} /><${Held} source=${s} after=${load.again} /><${Actions} source=${s} after=${load.again} check />
			${!s.withheld && html`<p><a class="link" href=${`/find?source=${encodeURIComponent(s.name)}&sort=newest`}>${t("sources.see")}</a></p>`}</header>
			${isAdmin() && !s.builtin ? html`<nav class="tabs" aria-label=${t("sources.more")}>${link("runs")}${link("failures", s.failures)}</nav>${tab === "runs" ? html`<${Runs} name=${route.id} round=${round} />` : html`<${Failures} name=${route.id} />`}` : null}`;
	}}<//></div>`;
}
