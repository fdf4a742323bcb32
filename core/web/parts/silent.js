// silent: which sources an answer cannot be relied on for, and why. An answer that says nothing of that would be read as
// "there is nothing".
import { html } from "../app/html.js";
import { t, word, list, ago } from "../app/lang.js";
import { why } from "../app/said.js";
import { Icon } from "./icons.js";

const ORDER = ["failed", "partial", "stale", "never", "withheld"];

export function Silent({ silent }) {
	if (!silent?.length) return null;
	const all = [...silent].sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
	const withheldOnly = all.every((s) => s.state === "withheld");
	const names = all.map((s) => s.source);
	return html`<details class=${withheldOnly ? "silent is-quiet" : "silent"}>
		<summary><${Icon} name=${withheldOnly ? "lock" : "warn"} /><span>${t(withheldOnly ? "silent.closed" : "silent.summary", { n: all.length, names: list(names) })}</span><${Icon} name="chevron" /></summary>
		<ul>${all.map((s) => html`<li key=${s.source}><a href=${`/sources/${encodeURIComponent(s.source)}`}><bdi>${s.source}</bdi></a>
			<span class=${`state is-${s.state}`}>${word("state", s.state)}</span>
			<span>${s.state === "withheld" ? t("silent.withheld") : html`<bdi>${why(s.why)}</bdi>`}${s.last_ok && s.state !== "stale" ? html` · ${t("silent.last-ok", { ago: ago(s.last_ok) })}` : ""}</span></li>`)}</ul></details>`;
}
