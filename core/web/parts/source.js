// source: the state of a source, its progress while it is read, and what an admin can do about it.
import { html, cx, useState } from "../app/html.js";
import { t, word, number, percent, ago } from "../app/lang.js";
import { why } from "../app/said.js";
import { post } from "../app/api.js";
import { toast } from "../app/state.js";
import { Button, Time } from "./bits.js";
import { errorText, isAdmin } from "./states.js";

const THINGS = 1000000; // more than that are bytes, which say nothing

export const State = ({ source: s }) => {
	const state = s.withheld ? "withheld" : s.running ? "running" : s.queued ? "queued" : (s.state ?? "fresh");
	return html`<span class=${`state is-${state}`}>${word("state", state)}</span>`;
};

export const Reason = ({ source: s }) => (s.why && !s.running ? html`<p class="source-why"><bdi>${why(s.why)}</bdi></p>` : null);

export function Progress({ source: s }) {
	if (!s.running) return null;
	const p = s.progress;
	const known = p?.total > 0;
	const part = known ? Math.min(1, p.done / p.total) : null;
	return html`<div class="progress-box"><progress class="progress" max="1" value=${part ?? undefined} aria-label=${t("sources.progress", { name: s.name })}></progress>
		<p class="quiet-text">${known ? percent(part) + (p.total < THINGS ? ` · ${t("sources.done", { done: p.done, total: p.total })}` : "") : t("sources.reading")}${p ? ` · ${t("sources.tally", { added: p.added ?? 0, changed: p.changed ?? 0, unchanged: p.unchanged ?? 0 })}` : ""}${p?.skipped ? ` · ${t("sources.skipped", { n: p.skipped })}` : ""}
			${p?.what && html` · <bdi class="progress-what">${p.what}</bdi>`}</p></div>`;
}

// Does one thing, and says what the hub says if it will not.
export function useAct(after) {
	const [busy, setBusy] = useState(null);
	const act = async (name, path, body, done) => {
		setBusy(name);
		try {
			const reply = await post(path, body);
			if (done) toast(typeof done === "function" ? done(reply) : done);
			after?.();
			return reply;
		} catch (error) {
			toast(errorText(error), { tone: "bad" });
			return null;
		} finally {
			setBusy(null);
		}
	};
	return [act, busy];
}

export function Actions({ source: s, after, check }) {
	const [act, busy] = useAct(after);
	if (!isAdmin() || s.builtin || s.withheld) return null;
	const path = `/sources/${encodeURIComponent(s.name)}`;
	return html`<div class="buttons">${s.running || s.queued
		? html`<${Button} small icon="stop" busy=${busy === "cancel"} onClick=${() => act("cancel", `${path}/cancel`, {}, t("sources.cancelled", { name: s.name }))}>${t("sources.cancel")}<//>`
		: html`<${Button} small icon="sync" busy=${busy === "sync"} onClick=${() => act("sync", `${path}/sync`, {}, t("sources.started", { name: s.name }))}>${t("sources.sync")}<//>`}
		${check && html`<${Button} small icon="check" busy=${busy === "check"} onClick=${() => act("check", `${path}/check`, {}, (r) => (r.ok ? t("sources.check-ok") : `${t("sources.check-bad")} ${r.message ?? r.output ?? ""}`))}>${t("sources.check")}<//>`}</div>`;
}

// A run that would take away much waits here for a word.
export function Held({ source: s, after }) {
	const [act, busy] = useAct(after);
	if (!s.held || !isAdmin()) return null;
	const decide = (decision, done) => act(decision, `/sources/${encodeURIComponent(s.name)}/removals`, { decision }, (r) => t(done, { n: r.records ?? 0 }));
	return html`<div class="held" role="group" aria-label=${t("sources.held-title")}><p><b>${t("sources.held", { n: s.held })}</b> ${t("sources.held-text")}</p>
		<div class="buttons"><${Button} small tone="danger" busy=${busy === "remove"} onClick=${() => decide("remove", "sources.removed")}>${t("sources.remove", { n: s.held })}<//><${Button} small busy=${busy === "keep"} onClick=${() => decide("keep", "sources.kept")}>${t("sources.keep")}<//></div></div>`;
}
