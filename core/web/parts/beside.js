// beside: a record open beside the list that it was chosen from, as in a mail program: the address says which, j and k
// take the next one, Esc closes.
import { html, useEffect, useRef } from "../app/html.js";
import { t } from "../app/lang.js";
import { addKeys } from "../app/keys.js";
import { go, goBackTo, place } from "../app/router.js";
import { changed } from "../app/urls.js";
import { IconButton } from "./bits.js";
import { RecordView } from "./record.js";

const row = (id) => document.getElementById(`r-${id}`);
const show = (id) => go(changed(place().path, place().params, { open: id }), { replace: true });

const close = () => goBackTo(changed(place().path, place().params, { open: null }));

// The next record of the list, wherever the focus is.
function step(open, by) {
	const all = [...document.querySelectorAll("main [data-list] [data-row][id^='r-']")].filter((one) => !one.closest(".drawer"));
	const to = all[all.findIndex((one) => one.id === `r-${open}`) + by];
	if (!to) return;
	show(to.id.slice(2));
	to.focus({ preventScroll: true });
	to.scrollIntoView({ block: "nearest" });
}

function Drawer({ id, onClose }) {
	useEffect(() => {
		document.documentElement.classList.add("has-drawer");
		return () => document.documentElement.classList.remove("has-drawer");
	}, []);
	return html`<aside class="drawer" role="region" aria-label=${t("record.beside")} id="drawer">
		<div class="drawer-bar"><${IconButton} icon="close" label=${t("close")} onClick=${onClose} /><span class="drawer-keys" aria-hidden="true"><kbd>j</kbd><kbd>k</kbd> ${t("keys.move")} <kbd>Esc</kbd> ${t("keys.close")}</span></div>
		<div class="drawer-body" tabindex="-1"><${RecordView} id=${id} key=${id} onGone=${onClose} /></div></aside>`;
}

// What stands beside the view of this route; nothing where no record is open.
export function Beside({ route }) {
	const open = route.params.get("open");
	const before = useRef(null);
	useEffect(() => {
		// However it was closed, the focus goes back to its row.
		if (!open && before.current) row(before.current)?.focus({ preventScroll: true });
		before.current = open;
		if (!open) return undefined;
		return addKeys({ Escape: close, j: () => step(open, 1), k: () => step(open, -1) });
	}, [open]);
	return open ? html`<${Drawer} id=${open} onClose=${close} />` : null;
}
