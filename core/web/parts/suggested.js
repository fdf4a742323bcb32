// suggested: what may concern this customer and waits for somebody's word.
import { html, useEffect } from "../app/html.js";
import { t, number } from "../app/lang.js";
import { useLoad } from "../app/load.js";
import { onDecided } from "../app/decide.js";
import { Card } from "./bits.js";
import { Suggestion } from "./suggestion.js";

export function Suggested({ customer }) {
	const load = useLoad("/suggestions", { customer: customer.id, n: 200 });
	useEffect(() => onDecided(load.again), []);
	const own = (load.data?.suggestions ?? []).filter((s) => s.customer === customer.id || s.other === customer.id);
	if (!own.length) return null;
	return html`<${Card} title=${t("customer.suggested")} count=${number(own.length)} id="suggested"><ul class="suggestions is-narrow" data-list>${own.slice(0, 5).map((s) => html`<li key=${`${s.customer}-${s.other ?? ""}-${s.record ?? ""}`}><${Suggestion} suggestion=${s} about=${customer.id} /></li>`)}</ul>
		${own.length > 5 && html`<a class="link" href="/work">${t("all-n", { n: own.length })}</a>`}<//>`;
}
