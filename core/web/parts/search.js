// search: the one box. As one types it offers customers first, then words, then records (a combobox as the ARIA
// practices describe it: the focus stays in the box, the arrows choose).
import { html, cx, useEffect, useRef, useState } from "../app/html.js";
import { t, word, number } from "../app/lang.js";
import { get } from "../app/api.js";
import { go, useRoute } from "../app/router.js";
import { address } from "../app/urls.js";
import { Icon } from "./icons.js";
import { Kind, Time, records } from "./bits.js";

const PAUSE = 110; // ms of not typing before the hub is asked

// The rest of the word that is being typed: "virtasen ko" + "konepaja" -> "virtasen konepaja".
export const completed = (typed, one) => typed.replace(/\S*$/, "") + one + " ";

function optionsOf(reply, typed) {
	const customers = (reply?.customers ?? []).map((c) => ({ group: "customers", key: `c${c.id}`, customer: c, url: `/customer/${c.id}` }));
	const words = (reply?.words ?? [])
		.filter((w) => completed(typed, w).trim() !== typed.trim())
		.slice(0, 4)
		.map((w) => ({ group: "words", key: `w${w}`, words: completed(typed, w).trim() }));
	const records = (reply?.records ?? []).map((r) => ({ group: "records", key: `r${r.id}`, record: r, url: `/record/${r.id}` }));
	return [...customers, ...words, ...records];
}

function Offered({ option, id, chosen, onPick }) {
	const { customer: c, record: r } = option;
	return html`<li role="option" id=${id} aria-selected=${chosen ? "true" : "false"} class=${cx("offer", chosen && "is-chosen")}
		onMouseDown=${(event) => event.preventDefault()} onClick=${onPick}>
		${c && html`<${Kind} kind=${c.kind === "person" ? "person" : "account"} /><bdi class="offer-main">${c.name}</bdi>
			<span class="offer-side">${c.organisation && html`<bdi>${c.organisation}</bdi> · `}${records(c)}</span>`}
		${option.words && html`<${Icon} name="search" /><bdi class="offer-main">${option.words}</bdi>`}
		${r && html`<${Kind} kind=${r.kind} /><bdi class="offer-main">${r.title || t("untitled")}</bdi>
			<span class="offer-side"><bdi>${r.source}</bdi> <${Time} at=${r.occurred_at} /></span>`}
	</li>`;
}

// What the hub offers for what is typed; nothing until something is.
function useOffers(typed, open) {
	const [offers, setOffers] = useState({ typed: "", reply: null });
	useEffect(() => {
		const wanted = typed.trim();
		if (!open || wanted.length < 2) {
			setOffers({ typed: "", reply: null });
			return undefined;
		}
		const abort = new AbortController();
		const timer = setTimeout(
			() => get("/suggest", { q: typed, n: 5 }, abort.signal).then((reply) => setOffers({ typed, reply }), () => {}),
			PAUSE,
		);
		return () => (clearTimeout(timer), abort.abort());
	}, [typed, open]);
	return optionsOf(offers.reply, offers.typed);
}

// Where searching from here leads: in a list of records the limits stay, in the rest of the page it begins anew.
function target(route, q) {
	const kept = {};
	if (route.view === "find") for (const name of ["source", "kind", "customer", "team", "year", "sort"]) kept[name] = route.params.getAll(name);
	return address("/find", { q, ...kept });
}

export function SearchBox() {
	const route = useRoute();
	const own = route.view === "find" ? (route.params.get("q") ?? "") : "";
	const [typed, setTyped] = useState(own);
	const [open, setOpen] = useState(false);
	const [at, setAt] = useState(-1);
	const box = useRef(null);
	const offers = useOffers(typed, open);
	useEffect(() => {
		setTyped(own);
		setOpen(false);
	}, [own, route.path]);
	useEffect(() => setAt(-1), [typed, open]);
	const shown = open && offers.length > 0;

	const search = (q) => {
		setOpen(false);
		if (q.trim()) go(target(route, q.trim()));
	};
	const pick = (option) => {
		setOpen(false);
		if (option.url) {
			setTyped("");
			go(option.url);
		} else {
			setTyped(option.words);
			search(option.words);
		}
	};
	const onKeyDown = (event) => {
		if (event.key === "ArrowDown" || event.key === "ArrowUp") {
			event.preventDefault();
			setOpen(true);
			if (offers.length) {
				const step = event.key === "ArrowDown" ? 1 : -1;
				setAt((now) => (now + step + offers.length + 1 + 1) % (offers.length + 1) - 1);
			}
		} else if (event.key === "Enter" && !event.isComposing) {
			event.preventDefault();
			if (shown && at >= 0 && offers[at]) pick(offers[at]);
			else search(typed);
		} else if (event.key === "Escape" && shown) {
			event.preventDefault();
			event.stopPropagation();
			setOpen(false);
		} else if (event.key === "Escape" && typed && typed !== own) {
			event.preventDefault();
			setTyped(own);
		} else if (event.key === "Tab" && shown && at >= 0 && offers[at]?.words) {
			event.preventDefault();
			setTyped(`${offers[at].words} `);
		}
	};
	const groups = ["customers", "words", "records"].map((name) => [name, offers.filter((o) => o.group === name)]).filter(([, all]) => all.length);
	return html`<form class="search" role="search" data-keep-focus onSubmit=${(e) => (e.preventDefault(), search(typed))}>
		<label class="unseen" for="search">${t("search.label")}</label>
		<${Icon} name="search" />
		<input id="search" ref=${box} type="text" enterkeyhint="search" autocomplete="off" autocapitalize="off" spellcheck=${false} maxlength="2000" role="combobox"
			aria-expanded=${shown ? "true" : "false"} aria-controls="offers" aria-autocomplete="list" aria-activedescendant=${shown && at >= 0 ? `offer-${at}` : undefined}
			placeholder=${t("search.placeholder")} value=${typed} onKeyDown=${onKeyDown}
			onInput=${(e) => (setTyped(e.target.value), setOpen(true))} onBlur=${() => setOpen(false)} dir="auto" />
		${typed
			? html`<button type="button" class="icon-button" aria-label=${t("search.clear")} title=${t("search.clear")}
				onMouseDown=${(e) => e.preventDefault()} onClick=${() => (setTyped(""), box.current.focus())}><${Icon} name="close" /></button>`
			: html`<kbd class="search-key" aria-hidden="true">/</kbd>`}
		<div class="offers" hidden=${!shown}>
			<div role="listbox" id="offers" aria-label=${t("search.offers")}>
			${groups.map(([name, all]) => html`<ul role="group" key=${name} aria-label=${t(`offers.${name}`)}>
				<li class="offers-title" role="presentation">${t(`offers.${name}`)}</li>
				${all.map((option) => html`<${Offered} key=${option.key} option=${option} id=${`offer-${offers.indexOf(option)}`}
					chosen=${offers.indexOf(option) === at} onPick=${() => pick(option)} />`)}</ul>`)}
			</div>
			<p class="offers-foot" aria-hidden="true"><kbd>↑</kbd><kbd>↓</kbd> ${t("keys.choose")} <kbd>↵</kbd> ${t("keys.open")} <kbd>Esc</kbd> ${t("keys.close")}</p>
		</div>
		<p class="unseen" role="status">${shown ? t("search.n-offers", { n: offers.length }) : ""}</p>
	</form>`;
}
