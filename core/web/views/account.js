// account: oneself: the language and looks of the page, the password, tokens for programs, leaving.
import { html, useState } from "../app/html.js";
import { t, word, timeOf, LANGUAGES, choose, current } from "../app/lang.js";
import { usePages } from "../app/load.js";
import { post, remove } from "../app/api.js";
import { get as state, remember, remembered, toast } from "../app/state.js";
import { leave } from "../app/session.js";
import { useTitle } from "../app/title.js";
import { Badge, Button, Field, Time } from "../parts/bits.js";
import { errorText, Failed, Skeleton } from "../parts/states.js";
import { Dialog } from "../parts/dialog.js";
import { Secret } from "./users.js";

const THEMES = ["system", "light", "dark"];

export function setTheme(theme) {
	remember("theme", theme === "system" ? null : theme);
	if (theme === "system") delete document.documentElement.dataset.theme;
	else document.documentElement.dataset.theme = theme;
}

function Choice({ label, options, value, onPick, name }) {
	return html`<fieldset class="choice"><legend>${label}</legend><div class="segments">${options.map(([key, text, lang]) => html`<label key=${key} class="segment" lang=${lang}><input type="radio" name=${name} value=${key} checked=${value === key} onChange=${() => onPick(key)} /><span>${text}</span></label>`)}</div></fieldset>`;
}

function Looks() {
	const [theme, put] = useState(remembered("theme", "system"));
	const [keys, putKeys] = useState(remembered("keys", "on"));
	return html`<section class="card is-open"><h2>${t("account.looks")}</h2>
		<${Choice} name="language" label=${t("account.language")} value=${current()} options=${Object.entries(LANGUAGES).map(([k, n]) => [k, n, k])} onPick=${choose} />
		<${Choice} name="theme" label=${t("account.theme")} value=${theme} options=${THEMES.map((k) => [k, t(`account.theme.${k}`)])} onPick=${(k) => (setTheme(k), put(k))} />
		<label class="tick"><input type="checkbox" checked=${keys === "on"} onChange=${(e) => (remember("keys", e.target.checked ? "on" : "off"), putKeys(e.target.checked ? "on" : "off"))} /> <span>${t("account.keys")}<small>${t("account.keys-hint")}</small></span></label></section>`;
}

function Password() {
	const [values, setValues] = useState({ old: "", new: "", again: "" });
	const [error, setError] = useState(null);
	const [busy, setBusy] = useState(false);
	const put = (field) => (e) => setValues((now) => ({ ...now, [field]: e.target.value }));
	const save = async (event) => {
		event.preventDefault();
		if (values.new !== values.again) {
			setError(t("welcome.differ"));
			return;
		}
		setBusy(true);
		setError(null);
		try {
			await post("/me/password", { old: values.old, new: values.new });
			setValues({ old: "", new: "", again: "" });
			toast(t("account.password-changed"));
		} catch (e) {
			setError(e.code === "wrong_password" ? t("account.password-wrong") : errorText(e));
		}
		setBusy(false);
	};
	return html`<section class="card is-open"><h2>${t("account.password")}</h2><form onSubmit=${save}><input type="text" class="unseen" autocomplete="username" value=${state().me.user.name} readonly tabindex="-1" aria-hidden="true" />
		<${Field} id="old" label=${t("account.old")} type="password" autocomplete="current-password" required value=${values.old} onInput=${put("old")} /><${Field} id="new" label=${t("account.new")} type="password" autocomplete="new-password" required value=${values.new} onInput=${put("new")} />
		<${Field} id="again" label=${t("welcome.again")} type="password" autocomplete="new-password" required value=${values.again} onInput=${put("again")} error=${error} /><${Button} type="submit" busy=${busy}>${t("account.password-do")}<//></form></section>`;
}

function NewToken({ onClose, onDone }) {
	const admin = state().me.user.admin;
	const [name, setName] = useState("");
	const [scopes, setScopes] = useState(["read"]);
	const [until, setUntil] = useState(new Date(Date.now() + 90 * 86400000).toISOString().slice(0, 10));
	const [error, setError] = useState(null);
	const [made, setMade] = useState(null);
	const flip = (scope) => setScopes((old) => (old.includes(scope) ? old.filter((s) => s !== scope) : [...old, scope]));
	const save = async (event) => {
		event.preventDefault();
		try {
			setMade(await post("/tokens", { name: name.trim(), scopes, expires_at: `${new Date(`${until}T23:59:59`).toISOString().slice(0, 19)}Z` }));
			onDone();
		} catch (e) {
			setError(errorText(e));
		}
	};
	if (made) return html`<${Dialog} title=${t("tokens.made")} onClose=${onClose}><${Secret} label=${t("tokens.token")} value=${made.token} hint=${t("tokens.once")} /><//>`;
	return html`<${Dialog} title=${t("tokens.new")} onClose=${onClose}><form onSubmit=${save}><${Field} id="token-name" label=${t("tokens.name")} hint=${t("tokens.name-hint")} required maxlength="100" value=${name} onInput=${(e) => setName(e.target.value)} />
		<fieldset class="choices"><legend>${t("tokens.scopes")}</legend>${["read", "write", ...(admin ? ["admin"] : [])].map((s) => html`<label key=${s}><input type="checkbox" checked=${scopes.includes(s)} onChange=${() => flip(s)} /> ${t(`scope.${s}`)}</label>`)}</fieldset>
		<${Field} id="token-until" type="date" label=${t("tokens.until")} required value=${until} min=${new Date().toISOString().slice(0, 10)} onInput=${(e) => setUntil(e.target.value)} error=${error} /><div class="buttons"><${Button} tone="main" type="submit" disabled=${!scopes.length}>${t("tokens.make")}<//><${Button} onClick=${onClose}>${t("cancel")}<//></div></form><//>`;
}

function Tokens() {
	const pages = usePages("/tokens", {}, "tokens");
	const [making, setMaking] = useState(false);
	const drop = async (token) => {
		try {
			await remove(`/tokens/${token.id}`);
			toast(t("tokens.removed"));
		} catch (e) {
			toast(errorText(e), { tone: "bad" });
		}
		pages.again();
	};
	return html`<section class="card is-open"><h2>${t("tokens.title")}</h2><p class="quiet-text">${t("tokens.lead")}</p>
		${pages.error && !pages.rows.length ? html`<${Failed} error=${pages.error} again=${pages.again} />` : !pages.first ? html`<${Skeleton} rows=${2} />` : html`<ul class="tokens">${pages.rows.map((k) => html`<li key=${k.id}><div><b><bdi>${k.name}</bdi></b> ${(k.scopes ?? []).map((s) => html`<${Badge} key=${s}>${word("scope", s)}<//> `)}<p class="quiet-text">${k.expires_at && t("tokens.expires", { at: timeOf(k.expires_at) })}${k.used_at ? html` · ${t("tokens.used")} <${Time} at=${k.used_at} relative />` : html` · ${t("tokens.unused")}`}</p></div>
			<${Button} small icon="trash" onClick=${() => drop(k)}>${t("tokens.remove")}<//></li>`)}</ul>`}
		<${Button} icon="plus" onClick=${() => setMaking(true)}>${t("tokens.new")}<//>${making && html`<${NewToken} onClose=${() => setMaking(false)} onDone=${pages.again} />`}</section>`;
}

export default function Account() {
	const { user, via, version } = state().me;
	useTitle(t("nav.account"));
	return html`<div class="narrow account"><header class="view-head"><h1 tabindex="-1"><bdi>${user.full_name || user.name}</bdi></h1>
		<p class="lead"><bdi class="mono">${user.name}</bdi>${user.email && html` · <bdi>${user.email}</bdi>`}${user.teams?.length > 0 && html` · ${t("users.in-teams")} <bdi>${user.teams.join(", ")}</bdi>`}${user.admin && html` · ${t("users.admin-badge")}`}</p>
		<div class="buttons view-actions">${user.admin && html`<a class="button only-narrow" href="/users">${t("nav.users")}</a><a class="button only-narrow" href="/audit">${t("nav.audit")}</a>`}${via === "session" && html`<${Button} icon="out" onClick=${leave}>${t("account.leave")}<//>`}</div></header>
		<${Looks} />${via === "session" && html`<${Password} />`}<${Tokens} /><p class="quiet-text">Meri ${version}</p></div>`;
}
