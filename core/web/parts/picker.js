// picker: chooses a customer by name, address, number or id.
import { html, cx, useEffect, useRef, useState } from "../app/html.js";
import { t } from "../app/lang.js";
import { get } from "../app/api.js";
import { Kind, records } from "./bits.js";

// `kind`: only organisations or only people; `without`: an id that cannot be chosen; `first`: what is typed already.
export function Picker({ label, kind, without, first = "", onPick, id = "picker" }) {
	const [typed, setTyped] = useState(first);
	const [found, setFound] = useState(null);
	const [at, setAt] = useState(0);
	const box = useRef(null);
	useEffect(() => box.current.focus(), []);
	useEffect(() => {
		if (typed.trim().length < 2) {
			setFound(null);
			return undefined;
		}
		const abort = new AbortController();
		const timer = setTimeout(() => get("/customers", { q: typed, n: 8 }, abort.signal).then((r) => (setFound(r.customers), setAt(0)), () => {}), 110);
		return () => (clearTimeout(timer), abort.abort());
	}, [typed]);
	const all = (found ?? []).filter((c) => c.id !== without && (!kind || c.kind === kind));
	const onKeyDown = (event) => {
		if (event.key === "ArrowDown" || event.key === "ArrowUp") {
			event.preventDefault();
			if (all.length) setAt((now) => (now + (event.key === "ArrowDown" ? 1 : -1) + all.length) % all.length);
		} else if (event.key === "Enter") {
			event.preventDefault();
			if (all[at]) onPick(all[at]);
		}
	};
	return html`<div class="picker field"><label for=${id}>${label}</label>
		<input id=${id} ref=${box} type="text" role="combobox" autocomplete="off" spellcheck=${false} autofocus dir="auto" aria-expanded=${all.length ? "true" : "false"} aria-controls=${`${id}-list`}
			aria-autocomplete="list" aria-activedescendant=${all.length ? `${id}-${at}` : undefined} value=${typed} onInput=${(e) => setTyped(e.target.value)} onKeyDown=${onKeyDown} placeholder=${t("picker.placeholder")} />
		<ul class="picker-list" role="listbox" id=${`${id}-list`} aria-label=${t("offers.customers")}>
			${all.map((c, i) => html`<li key=${c.id} role="option" id=${`${id}-${i}`} aria-selected=${i === at ? "true" : "false"} class=${cx("offer", i === at && "is-chosen")} onClick=${() => onPick(c)}>
				<${Kind} kind=${c.kind === "person" ? "person" : "account"} /><bdi class="offer-main">${c.name}</bdi>
				<span class="offer-side">${c.organisation && html`<bdi>${c.organisation}</bdi> · `}${records(c)}</span></li>`)}</ul>
		<p class="hint" role="status">${found && !all.length ? t("picker.none") : found ? t("search.n-offers", { n: all.length }) : t("picker.hint")}</p></div>`;
}
