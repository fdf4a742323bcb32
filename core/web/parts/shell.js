// shell: what stands around every view: the way about, the search box, messages, the keys.
import { html, cx, useEffect } from "../app/html.js";
import { t } from "../app/lang.js";
import { set, useApp, dropToast } from "../app/state.js";
import { useRoute } from "../app/router.js";
import { Icon, Logo } from "./icons.js";
import { Button, IconButton } from "./bits.js";
import { SearchBox } from "./search.js";
import { Dialog } from "./dialog.js";

const WAYS = [
	{ view: "home", path: "/", icon: "home" },
	{ view: "work", path: "/work", icon: "work" },
	{ view: "sources", path: "/sources", icon: "sources" },
	{ view: "users", path: "/users", icon: "users", admin: true },
	{ view: "audit", path: "/audit", icon: "audit", admin: true },
];
const WITHIN = { source: "sources" };

function Ways({ me, view }) {
	const here = WITHIN[view] ?? view;
	return html`<nav class="ways" aria-label=${t("nav.label")}>
		<a class="brand" href="/" aria-label=${t("nav.brand")}><${Logo} /><span>Meri</span></a>
		<ul>${WAYS.filter((w) => !w.admin || me.admin).map((w) => html`<li key=${w.view} class=${w.admin ? "is-admin" : undefined}><a class="way" href=${w.path} aria-current=${here === w.view ? (view === w.view ? "page" : "true") : undefined}>
			<${Icon} name=${w.icon} /><span>${t(`nav.${w.view}`)}</span></a></li>`)}
		<li class="way-account"><a class="way" href="/account" aria-current=${view === "account" ? "page" : undefined}><span class="face" aria-hidden="true">${initials(me)}</span><span class="way-name"><bdi>${me.full_name || me.name}</bdi></span><span class="way-short">${t("nav.account")}</span></a></li></ul></nav>`;
}

const initials = (me) =>
	(me.full_name || me.name || "?").split(/[\s.]+/).filter(Boolean).slice(0, 2).map((w) => Array.from(w)[0].toUpperCase()).join("");

export function Toasts() {
	const toasts = useApp((s) => s.toasts);
	return html`<div class="toasts" role="status" aria-live="polite">${toasts.map((one) => html`<div key=${one.id} class=${cx("toast", one.tone === "bad" && "is-bad")}>
		<${Icon} name=${one.tone === "bad" ? "warn" : "check"} /><span>${one.text}</span>
		${one.undo && html`<${Button} small icon="undo" onClick=${() => (dropToast(one.id), one.undo())}>${t("undo")}<//>`}
		<${IconButton} icon="close" label=${t("close")} onClick=${() => dropToast(one.id)} /></div>`)}</div>`;
}

const KEYS = [
	[["/"], "search"], [["j"], "down"], [["k"], "up"], [["Enter"], "open"], [["Esc"], "close"], [["g", "h"], "home"], [["g", "w"], "work"],
	[["g", "s"], "sources"], [["y"], "yes"], [["n"], "no"], [["s"], "skip"], [["u"], "undo"], [["?"], "help"],
];

function KeyHelp() {
	const shown = useApp((s) => s.keysShown);
	if (!shown) return null;
	return html`<${Dialog} title=${t("keys.title")} onClose=${() => set({ keysShown: false })}><dl class="key-list">
		${KEYS.map(([keys, what]) => html`<div key=${what}><dt>${keys.map((k) => html`<kbd key=${k}>${k}</kbd>`)}</dt><dd>${t(`keys.what.${what}`)}</dd></div>`)}</dl>
		<p class="hint">${t("keys.off")}</p><//>`;
}

// One line over everything while the hub cannot be reached, or does not know us any more.
function Trouble() {
	const offline = useApp((s) => s.offline);
	const over = useApp((s) => s.over);
	const route = useRoute();
	useEffect(() => {
		if (!offline) return undefined;
		const look = () => fetch("/api/v1/me", { cache: "no-cache" }).then(() => set({ offline: false }), () => {});
		const timer = setInterval(look, 5000);
		addEventListener("online", look);
		return () => (clearInterval(timer), removeEventListener("online", look));
	}, [offline]);
	if (over) return html`<div class="trouble" role="alert"><${Icon} name="lock" /><span>${t("over.text")}</span><a class="button is-small" href=${`/login?to=${encodeURIComponent(route.url)}`}>${t("over.login")}</a></div>`;
	if (offline) return html`<div class="trouble" role="alert"><${Icon} name="offline" /><span>${t("offline.text")}</span></div>`;
	return null;
}

export function Shell({ me, view, children }) {
	return html`<div class="frame"><a class="skip" href="#main" onClick=${(e) => (e.preventDefault(), document.getElementById("main").focus())}>${t("nav.skip")}</a>
		<${Ways} me=${me.user} view=${view} />
		<div class="sheet"><header class="top"><a class="top-brand" href="/" aria-label=${t("nav.brand")}><${Logo} /></a><${SearchBox} />
			<${IconButton} className="top-help" icon="question" label=${t("keys.title")} onClick=${() => set({ keysShown: true })} /></header>
		<${Trouble} />
		<main id="main" tabindex="-1" class=${`main view-${view}`}>${children}</main></div>
		<${Toasts} /><${KeyHelp} /></div>`;
}
