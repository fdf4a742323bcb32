// states: what is shown when there is nothing to show: loading, empty, failed, not allowed, gone, session over, offline.
import { html, cx } from "../app/html.js";
import { t, has } from "../app/lang.js";
import { get as state } from "../app/state.js";
import { Icon } from "./icons.js";
import { Button } from "./bits.js";

// Grey lines where rows will stand; said once to who does not see them.
export function Skeleton({ rows = 5, kind = "rows" }) {
	return html`<div class=${cx("skeleton", `is-${kind}`)} role="status">
		<span class="unseen">${t("loading")}</span>
		${Array.from({ length: rows }, (_, i) => html`<div class="skeleton-row" key=${i} aria-hidden="true"><i></i><b></b><s></s></div>`)}</div>`;
}

export function Nothing({ icon = "search", title, children, action }) {
	return html`<div class="nothing"><span class="nothing-icon"><${Icon} name=${icon} /></span>
		<p class="nothing-title">${title}</p>${children && html`<div class="nothing-text">${children}</div>`}${action}</div>`;
}

const ICONS = { offline: "offline", forbidden: "lock", login_needed: "lock", not_found: "search", expired: "audit", throttled: "audit" };

// What went wrong, what that means, and what can be done.
// `heading`: the element of the title, where the view has no other.
export function Failed({ error, again, heading = "p" }) {
	const code = has(`error.${error.code}.title`) ? error.code : "internal";
	const retry = again && !["not_found", "forbidden", "login_needed", "expired"].includes(code);
	const detail = error.detail && ["internal", "bad_request", "refused", "conflict", "unknown_peer", "too_large"].includes(code);
	return html`<div class="nothing is-error" role="alert"><span class="nothing-icon"><${Icon} name=${ICONS[code] ?? "warn"} /></span>
		<${heading} tabindex=${heading === "p" ? undefined : "-1"} class="nothing-title">${t(`error.${code}.title`)}<//>
		<div class="nothing-text"><p>${t(`error.${code}.text`, { n: error.retryAfter || 10 })}</p>${detail && html`<p class="detail"><bdi>${error.detail}</bdi></p>`}</div>
		${retry && html`<${Button} icon="sync" onClick=${again}>${t("try-again")}<//>`}</div>`;
}

// The usual order: what went wrong, what is on its way, nothing, something.
export function Loaded({ load, rows, empty, skeleton = "rows", heading, children }) {
	if (load.error && !load.data) return html`<${Failed} error=${load.error} again=${load.again} heading=${heading} />`;
	if (!load.data) return html`<${Skeleton} kind=${skeleton} rows=${rows} />`;
	if (empty && empty.when(load.data)) return html`<${Nothing} ...${empty} />`;
	return children(load.data);
}

// One line for an error that stands beside what still holds.
export const errorText = (error) =>
	["refused", "conflict", "bad_request", "unknown_peer"].includes(error.code) && error.detail
		? `${t(`error.${error.code}.title`)}: ${error.detail}`
		: t(has(`error.${error.code}.title`) ? `error.${error.code}.title` : "error.internal.title");

export const NotAllowed = () => html`<${Failed} error=${{ code: "forbidden" }} />`;
export const isAdmin = () => !!state().me?.user?.admin;
