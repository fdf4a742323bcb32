// sources: every source, whether it can be relied on, and what it is doing right now.
import { html, cx, useEffect } from "../app/html.js";
import { t, number, ago } from "../app/lang.js";
import { useLoad } from "../app/load.js";
import { useLive } from "../app/live.js";
import { useTitle } from "../app/title.js";
import { Button, Time } from "../parts/bits.js";
import { isAdmin, Loaded } from "../parts/states.js";
import { Actions, Held, Progress, Reason, State, useAct } from "../parts/source.js";

const called = (name) => (name === "meri" ? t("source.meri") : name);

function Row({ source: s, again }) {
	return html`<li class=${cx("source-row", s.running && "is-running")} data-row-holder><div class="source-main"><p class="source-name-line"><a data-row id=${`source-${s.name}`} href=${`/sources/${encodeURIComponent(s.name)}`}><b><bdi>${called(s.name)}</bdi></b></a> <${State} source=${s} />
			${s.connector && html`<span class="quiet-text"><bdi>${s.connector}</bdi></span>`}</p>
		<${Reason} source=${s} /><${Progress} source=${s} /><${Held} source=${s} after=${again} /></div>
		${!s.withheld && html`<dl class="source-facts">${s.records !== undefined && html`<div><dt>${t("sources.records")}</dt><dd>${number(s.records)}</dd></div>`}
			<div><dt>${t("sources.last-ok")}</dt><dd>${s.last_ok_at ? html`<${Time} at=${s.last_ok_at} relative />` : "–"}</dd></div>
			${s.failures > 0 && html`<div class="is-bad"><dt>${t("sources.failures")}</dt><dd><a href=${`/sources/${encodeURIComponent(s.name)}?tab=failures`}>${number(s.failures)}</a></dd></div>`}
			${s.next_at && html`<div><dt>${t("sources.next")}</dt><dd><${Time} at=${s.next_at} relative /></dd></div>`}</dl>`}
		<${Actions} source=${s} after=${again} /></li>`;
}

export default function Sources() {
	const load = useLoad("/sources");
	const { live, on } = useLive();
	const [act, busy] = useAct();
	useTitle(t("nav.sources"));
	// When a run has ended, the counts of the store are asked for once.
	const running = Object.values(live).filter((s) => s.running).length;
	useEffect(() => {
		if (load.data && running === 0) load.again();
	}, [running]);
	const all = async (sources) => {
		for (const s of sources.filter((one) => !one.running && !one.builtin)) await act("all", `/sources/${encodeURIComponent(s.name)}/sync`, {}, null);
	};
	return html`<div class="wide"><header class="view-head"><h1 tabindex="-1">${t("nav.sources")}</h1><p class="lead">${t("sources.lead")} <span class=${cx("live", on && "is-on")} role="status">${on ? t("sources.live") : t("sources.not-live")}</span></p></header>
		<${Loaded} load=${load} rows=${5} empty=${{ when: (d) => !d.sources.length, icon: "sources", title: t("sources.none"), children: t("sources.none-text") }}>${(data) => {
			const sources = data.sources.map((s) => ({ ...s, ...live[s.name] }));
			return html`${isAdmin() && html`<div class="buttons view-actions"><${Button} icon="sync" busy=${busy === "all"} onClick=${() => all(sources)}>${t("sources.sync-all")}<//></div>`}
				<ul class="source-list" data-list>${sources.map((s) => html`<${Row} key=${s.name} source=${s} again=${load.again} />`)}</ul>`;
		}}<//></div>`;
}
