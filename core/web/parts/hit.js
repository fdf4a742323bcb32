// hit: a record as a row of a list: in the results, in a customer's timeline, in a thread.
import { html, cx, useState } from "../app/html.js";
import { t } from "../app/lang.js";
import { changed, plain } from "../app/urls.js";
import { useRoute } from "../app/router.js";
import { usePages } from "../app/load.js";
import { Icon } from "./icons.js";
import { CustomerChip, IconButton, Kind, More, Said, Time } from "./bits.js";
import { Failed, Skeleton } from "./states.js";
import { WhyDialog } from "./why.js";

const CHIPS = 3;

// Opens beside the list: the address says which record is open.
const openAt = (route, id) => changed(route.path, route.params, { open: id });

function Chips({ customers, about }) {
	const others = customers.filter((c) => c.id !== about);
	if (!others.length) return null;
	return html`<span class="chips">${others.slice(0, CHIPS).map((c) => html`<${CustomerChip} key=${c.id} customer=${c} />`)}
		${others.length > CHIPS && html`<span class="quiet-text">+${others.length - CHIPS}</span>`}</span>`;
}

// The rest of the conversation, in the order in which it happened.
function Thread({ id, level }) {
	const pages = usePages(`/records/${id}/thread`, {}, "records");
	if (pages.error && !pages.rows.length) return html`<${Failed} error=${pages.error} again=${pages.again} />`;
	if (!pages.first) return html`<${Skeleton} rows=${2} />`;
	return html`<div class="thread" role="group" aria-label=${t("hit.conversation")}>
		${pages.rows.filter((r) => r.id !== id).map((r) => html`<${Hit} key=${r.id} hit=${r} level=${level} small />`)}<${More} pages=${pages} /></div>`;
}

// `about`: the customer whose page it is; `level`: of the title among the page's headings.
export function Hit({ hit, about, small, level = 3 }) {
	const route = useRoute();
	const [unfolded, setUnfolded] = useState(false);
	const [why, setWhy] = useState(false);
	const open = route.params.get("open") === String(hit.id);
	const more = hit.more_in_thread ?? 0;
	const others = (hit.customers ?? []).filter((c) => c.id !== about);
	return html`<article class=${cx("hit", small && "is-small", open && "is-open")} data-row-holder>
		<${Kind} kind=${hit.kind} />
		<div class="hit-main"><${Time} at=${hit.occurred_at} className="hit-time" />
			<${`h${level}`} class="hit-title"><a id=${`r-${hit.id}`} data-row href=${openAt(route, hit.id)} aria-current=${open ? "true" : undefined}>
				<${Said} text=${hit.title || t("untitled")} marks=${hit.title ? hit.title_marks : null} /></a><//>
			${hit.snippet && html`<${Said} as="p" class="hit-snippet" text=${hit.snippet} marks=${hit.marks} />`}
			<p class="hit-meta">${hit.from && html`<bdi class="hit-from">${plain(hit.from)}</bdi>`}<bdi class="source-name">${hit.source === "meri" ? t("source.meri") : hit.source}</bdi>
				<${Chips} customers=${hit.customers ?? []} about=${about} />
				${(others.length > 0 || about !== undefined) && !small && html`<button type="button" class="link-button why-button" onClick=${() => setWhy(true)}>${t("why.ask")}</button>`}
				${more > 0 && !small && html`<button type="button" class="link-button" aria-expanded=${unfolded ? "true" : "false"} onClick=${() => setUnfolded(!unfolded)}>
					${unfolded ? t("hit.fold") : t("hit.more", { n: more })}</button>`}</p>
			${unfolded && html`<${Thread} id=${hit.id} level=${level + 1} />`}
		</div>
		${why && html`<${WhyDialog} record=${hit} onClose=${() => setWhy(false)} />`}
	</article>`;
}
