// bits: the small things that everything else is made of.
import { html, cx, useEffect, useRef } from "../app/html.js";
import { t, word, shortDate, fullDate, ago } from "../app/lang.js";
import { pieces } from "../app/marks.js";
import { plain, safeUrl } from "../app/urls.js";
import { Icon } from "./icons.js";

// Text of a source: kept apart from the page's own writing direction, whatever signs it holds.
export const Said = ({ text, marks, as = "bdi", ...rest }) =>
	html`<${as} ...${rest} dir=${as === "bdi" ? undefined : "auto"}>${marks?.length
		? pieces(text, marks).map((p, i) => (p.mark ? html`<mark key=${i}>${p.text}</mark>` : p.text))
		: text}<//>`;

export function Time({ at, relative = false, className }) {
	if (!at) return null;
	return html`<time class=${className} datetime=${at} title=${fullDate(at)}>${relative ? ago(at) : shortDate(at)}</time>`;
}

export const Kind = ({ kind }) => html`<span class="kind" title=${word("kind", kind)}><${Icon} name=${kind} label=${word("kind", kind)} /></span>`;

// The original, where the source names it and its scheme is harmless; what else it says is text.
export function Original({ url, className = "link" }) {
	const safe = safeUrl(url);
	if (safe)
		return html`<a class=${className} href=${safe} target="_blank" rel="noopener noreferrer external">
			<${Icon} name="out" />${t("record.original")}<span class="unseen"> ${t("opens-new")}</span></a>`;
	return url ? html`<span class="quiet-text">${t("record.original")}: <${Said} text=${url} /></span>` : null;
}

// How many records; `more`: as many were counted.
export const records = (c) => t(c.more ? "many-records" : "n-records", { n: c.records ?? 0 });

// A button; `busy` keeps it from being pressed twice.
export const Button = ({ icon, tone, small, busy, children, className, ...rest }) =>
	html`<button type="button" ...${rest} class=${cx("button", tone && `is-${tone}`, small && "is-small", className)}
		aria-busy=${busy ? "true" : undefined} disabled=${rest.disabled || busy}>
		${icon && html`<${Icon} name=${icon} />`}${children}</button>`;

// Only a drawing is seen; the label is said.
export const IconButton = ({ icon, label, className, ...rest }) =>
	html`<button type="button" ...${rest} class=${cx("icon-button", className)} aria-label=${label} title=${label}><${Icon} name=${icon} /></button>`;

// The label is ours, or a source's text where `said`.
export const Badge = ({ tone = "plain", said, children }) =>
	html`<span class=${`badge is-${tone}`}>${said ? html`<bdi>${children}</bdi>` : children}</span>`;

export const CustomerChip = ({ customer }) =>
	html`<a class="customer-chip" href=${`/customer/${customer.id}`}><bdi>${plain(customer.name)}</bdi></a>`;

// Grows a list when its end comes into sight; a button, too, for who does not scroll.
export function More({ pages }) {
	const end = useRef(null);
	useEffect(() => {
		if (!pages.more || !end.current) return undefined;
		const watch = new IntersectionObserver((seen) => seen[0].isIntersecting && pages.next(), { rootMargin: "600px" });
		watch.observe(end.current);
		return () => watch.disconnect();
	}, [pages.more, pages.next]);
	if (!pages.more) return null;
	return html`<div class="more" ref=${end}>
		${pages.error && html`<p class="more-error">${t(`error.${pages.error.code}.title`)}</p>`}
		<${Button} busy=${pages.loadingMore} onClick=${pages.next}>${pages.loadingMore ? t("loading") : t("show-more")}<//></div>`;
}

// A labelled field of a form. `hint` is read with it.
export function Field({ label, hint, error, id, as = "input", children, ...rest }) {
	const told = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
	return html`<div class="field">
		<label for=${id}>${label}</label>
		<${as} id=${id} name=${id} ...${rest} aria-describedby=${told || undefined} aria-invalid=${error ? "true" : undefined}>${children}<//>
		${hint && html`<p class="hint" id=${`${id}-hint`}>${hint}</p>`}
		${error && html`<p class="field-error" id=${`${id}-error`} role="alert">${error}</p>`}
	</div>`;
}

// A card that can be folded; on narrow screens it begins folded where `fold` says so.
export function Card({ title, count, fold, children, actions, id }) {
	const open = !(fold && matchMedia("(max-width: 62rem)").matches);
	return html`<details class="card" open=${open} id=${id}>
		<summary><h2>${title}</h2>${count !== undefined && html`<span class="count">${count}</span>`}<${Icon} name="chevron" /></summary>
		<div class="card-body">${actions}${children}</div></details>`;
}
