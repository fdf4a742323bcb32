// home: where a day begins: the search box, whom one last had to do with, and whether the sources can be relied on.
import { html, useEffect } from "../app/html.js";
import { t, ago } from "../app/lang.js";
import { useLoad, usePages } from "../app/load.js";
import { place } from "../app/router.js";
import { useTitle } from "../app/title.js";
import { get as state } from "../app/state.js";
import { Kind, More, Time, records } from "../parts/bits.js";
import { Failed, Nothing, Skeleton } from "../parts/states.js";
import { Silent } from "../parts/silent.js";

const TRY = ["plain", "phrase", "field", "time"];

export function CustomerRows({ customers }) {
	return html`<ul class="customer-rows" data-list>${customers.map((c) => html`<li key=${c.id}><a class="customer-row" data-row id=${`c-${c.id}`} href=${`/customer/${c.id}`}>
		<${Kind} kind=${c.kind === "person" ? "person" : "account"} /><span class="customer-row-name"><bdi>${c.name}</bdi>${c.organisation && html` <bdi class="quiet-text">${c.organisation}</bdi>`}</span>
		<span class="customer-row-count">${records(c)}</span><${Time} at=${c.last_at} relative className="customer-row-time" /></a></li>`)}</ul>`;
}

// Sources that are not well, as answers would name them.
const unwell = (sources) => sources.filter((s) => s.withheld || (s.state && s.state !== "fresh")).map((s) => ({ source: s.name, state: s.withheld ? "withheld" : s.state, why: s.why, last_ok: s.last_ok_at }));

// The hub looks for them among the newest records, some at a time: nobody yet may mean that they come later.
function Latest({ pages }) {
	if (pages.error && !pages.rows.length) return html`<${Failed} error=${pages.error} again=${pages.again} />`;
	if (pages.first && !pages.rows.length && !pages.more) return html`<${Nothing} icon="account" title=${t("home.none")}>${t("home.none-text")}<//>`;
	return html`${pages.rows.length ? html`<${CustomerRows} customers=${pages.rows} />` : html`<${Skeleton} rows=${8} />`}<${More} pages=${pages} />`;
}

export function Home() {
	useTitle("");
	// A day begins with typing, where there is a keyboard.
	useEffect(() => {
		if (place().how === "first" && matchMedia("(pointer: fine)").matches) document.getElementById("search")?.focus();
	}, []);
	const customers = usePages("/customers", { n: 24 }, "customers");
	const sources = useLoad("/sources");
	const name = (state().me.user.full_name || "").split(" ")[0];
	return html`<div class="narrow home"><header class="home-head"><h1 tabindex="-1">${t("home.title")}</h1>
			<p class="lead">${name ? t("home.hello", { name }) : t("home.lead")}</p>
			<ul class="tries">${TRY.map((one) => html`<li key=${one}><a class="try" href=${`/find?q=${encodeURIComponent(t(`home.try.${one}`))}`}>${t(`home.try.${one}`)}</a></li>`)}</ul></header>
		${sources.data && html`<${Silent} silent=${unwell(sources.data.sources ?? [])} />`}
		<section><h2>${t("home.latest")}</h2>
			<${Latest} pages=${customers} /></section></div>`;
}
