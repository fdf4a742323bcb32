// suggestion: two customers that may be one, or a record that may be about a customer; yes, no, or later.
import { html, useState } from "../app/html.js";
import { t, percent } from "../app/lang.js";
import { reason } from "../app/said.js";
import { decide } from "../app/decide.js";
import { toast } from "../app/state.js";
import { Button, Kind } from "./bits.js";
import { errorText } from "./states.js";

export const keyOf = (s) => `${s.customer}-${s.other ?? ""}-${s.record ?? ""}`;

// What yes and no mean here, and what is said when it is done.
export function answers(s) {
	if (s.record)
		return {
			yes: [{ kind: "link", customer: s.customer, records: [s.record] }],
			no: [{ kind: "unlink", customer: s.customer, records: [s.record] }],
			yesText: t("work.linked", { name: s.name }),
			noText: t("work.not-linked", { name: s.name }),
		};
	return {
		yes: [{ kind: "merge", from: s.other, into: s.customer }],
		no: [{ kind: "apart", a: s.customer, b: s.other }],
		yesText: t("work.merged", { name: s.name, other: s.other_name }),
		noText: t("work.apart", { name: s.name, other: s.other_name }),
	};
}

export async function answer(s, yes) {
	const a = answers(s);
	try {
		await decide(yes ? a.yes : a.no, yes ? a.yesText : a.noText);
		return true;
	} catch (error) {
		toast(errorText(error), { tone: "bad" });
		return false;
	}
}

function Reason({ text }) {
	const { rule, words } = reason(text);
	return html`<p class="suggestion-why">${rule && html`<span class="why-rule">${rule}</span> `}<bdi>${words}</bdi></p>`;
}

export function Suggestion({ suggestion: s, about, onSkip, onAnswer = answer }) {
	const [busy, setBusy] = useState(false);
	const run = async (yes) => {
		setBusy(true);
		await onAnswer(s, yes);
		setBusy(false);
	};
	const pair = !s.record;
	return html`<article class="suggestion" data-row-holder><p class="suggestion-ask">${pair ? t("work.same") : t("work.belongs")} <span class="likely" title=${t("work.likely")}>${percent(s.probability)}</span></p>
		<p class="suggestion-pair"><a data-row id=${`s-${keyOf(s)}`} data-suggestion=${keyOf(s)} href=${pair ? `/customer/${s.customer}` : `/record/${s.record}`}><bdi>${pair ? s.name : s.title || t("untitled")}</bdi></a>
			<span class="suggestion-between" aria-hidden="true">${pair ? "=" : "→"}</span> <a href=${`/customer/${pair ? s.other : s.customer}`}><bdi>${pair ? s.other_name : s.name}</bdi></a></p>
		<${Reason} text=${s.why} />
		<div class="buttons"><${Button} small icon="check" busy=${busy} onClick=${() => run(true)}>${pair ? t("work.yes-same") : t("work.yes-belongs")}<//><${Button} small icon="close" busy=${busy} onClick=${() => run(false)}>${pair ? t("work.no-same") : t("work.no-belongs")}<//>
			${onSkip && html`<${Button} small onClick=${() => onSkip(s)}>${t("work.skip")}<//>`}</div></article>`;
}
