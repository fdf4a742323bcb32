// facets: the ways to narrow a list, how many would be left, and the chips that take each of them back.
import { html, cx, useState } from "../app/html.js";
import { t, word, number } from "../app/lang.js";
import { changed, toggled } from "../app/urls.js";
import { Icon } from "./icons.js";

export const FACETS = ["source", "kind", "customer", "team", "year"];
const SHORT = 6;

const nameOf = (facet, entry) =>
	facet === "kind" ? word("kind", entry.value) : facet === "source" && entry.value === "meri" ? t("source.meri") : (entry.name ?? entry.value);

// What is chosen stays in sight even if nothing is left of it.
function entriesOf(facet, counted, params, names) {
	const chosen = params.getAll(facet);
	const all = [...(counted ?? [])];
	for (const value of chosen) if (!all.some((e) => String(e.value) === value)) all.push({ value, name: names?.[value], count: 0 });
	return { all, chosen };
}

function Facet({ facet, counted, route, names, more }) {
	const [whole, setWhole] = useState(false);
	const { all, chosen } = entriesOf(facet, counted, route.params, names);
	if (all.length < 1 || (all.length === 1 && !chosen.length && facet !== "source")) return null;
	const shown = whole ? all : all.filter((e, i) => i < SHORT || chosen.includes(String(e.value)));
	return html`<fieldset class="facet"><legend>${t(`facet.${facet}`)}</legend><ul>
		${shown.map((e) => {
			const on = chosen.includes(String(e.value));
			return html`<li key=${e.value}><a class=${cx("facet-entry", on && "is-on")} href=${toggled(route.path, fresh(route.params), facet, e.value)}
				id=${`f-${facet}-${e.value}`} aria-pressed=${undefined} aria-current=${on ? "true" : undefined}>
				<span class="facet-box" aria-hidden="true">${on && html`<${Icon} name="check" />`}</span>
				<bdi class="facet-name">${nameOf(facet, e)}</bdi><span class="facet-count">${number(e.count)}${more ? "+" : ""}</span></a></li>`;
		})}</ul>
		${all.length > SHORT && html`<button type="button" class="link-button" aria-expanded=${whole ? "true" : "false"} onClick=${() => setWhole(!whole)}>${whole ? t("fewer") : t("all-n", { n: all.length })}</button>`}
	</fieldset>`;
}

// Narrowing closes what is open beside the list.
const fresh = (params) => {
	const copy = new URLSearchParams(params);
	copy.delete("open");
	return copy;
};

export function Facets({ facets, route, names, more, only = FACETS }) {
	return html`<div class="facets">${only.map((facet) => html`<${Facet} key=${facet} facet=${facet} counted=${facets?.[facet]} route=${route} names=${names} more=${more} />`)}</div>`;
}

// Every limit that holds, each taken back by one click.
export function Limits({ route, names, facets, only = FACETS }) {
	const chips = only.flatMap((facet) => route.params.getAll(facet).map((value) => ({ facet, value })));
	if (!chips.length) return null;
	const called = ({ facet, value }) => {
		const entry = facets?.[facet]?.find((e) => String(e.value) === value);
		return nameOf(facet, entry ?? { value, name: names?.[value] ?? (facet === "customer" ? `#${value}` : undefined) });
	};
	return html`<ul class="limits" aria-label=${t("limits")}>
		${chips.map((chip) => html`<li key=${chip.facet + chip.value}><a class="limit" href=${toggled(route.path, fresh(route.params), chip.facet, chip.value)}
			title=${t("limit.undo")}><span class="limit-facet">${t(`facet.${chip.facet}`)}</span> <bdi>${called(chip)}</bdi><span class="unseen"> – ${t("limit.undo")}</span><${Icon} name="close" /></a></li>`)}
		${chips.length > 1 && html`<li><a class="link" href=${changed(route.path, fresh(route.params), Object.fromEntries(only.map((f) => [f, null])))}>${t("limits.clear")}</a></li>`}
	</ul>`;
}
