// login: a name and a password; and, since nobody is known yet, the language.
import { html, useEffect, useRef, useState } from "../app/html.js";
import { t, LANGUAGES, choose, current } from "../app/lang.js";
import { post } from "../app/api.js";
import { entered } from "../app/session.js";
import { useTitle } from "../app/title.js";
import { useApp } from "../app/state.js";
import { Logo } from "../parts/icons.js";
import { Button, Field } from "../parts/bits.js";
import { errorText } from "../parts/states.js";

export function LanguageChoice() {
	return html`<div class="languages" role="group" aria-label=${t("account.language")}>${Object.entries(LANGUAGES).map(([key, name]) => html`<button type="button" key=${key} lang=${key} class="link-button" aria-pressed=${current() === key ? "true" : "false"} onClick=${() => choose(key)}>${name}</button>`)}</div>`;
}

// What the hub said, in a sentence that tells what to do.
const said = (error) => (error.code === "throttled" ? t("error.throttled.text", { n: error.retryAfter || 60 }) : error.code === "wrong_password" ? t("login.wrong") : errorText(error));

export function Login({ route }) {
	const over = useApp((s) => s.over);
	const [name, setName] = useState("");
	const [password, setPassword] = useState("");
	const [error, setError] = useState(null);
	const [busy, setBusy] = useState(false);
	const first = useRef(null);
	useTitle(t("login.title"));
	useEffect(() => document.getElementById("name")?.focus(), []);
	const submit = async (event) => {
		event.preventDefault();
		setBusy(true);
		setError(null);
		try {
			entered(await post("/login", { name: name.trim(), password }));
		} catch (e) {
			setError(said(e));
			setPassword("");
			setBusy(false);
			document.getElementById("password")?.focus();
		}
	};
	return html`<main class="gate"><div class="gate-card"><div class="gate-brand"><${Logo} /><span>Meri</span></div>
		<h1 tabindex="-1">${t("login.title")}</h1><p class="lead">${over ? t("over.text") : t("login.lead")}</p>
		<form onSubmit=${submit} ref=${first}>
			<${Field} id="name" label=${t("login.name")} autocomplete="username" autocapitalize="off" spellcheck=${false} required value=${name} onInput=${(e) => setName(e.target.value)} />
			<${Field} id="password" label=${t("login.password")} type="password" autocomplete="current-password" required value=${password} onInput=${(e) => setPassword(e.target.value)} error=${error} />
			<${Button} tone="main" type="submit" busy=${busy}>${t("login.do")}<//></form>
		<p class="hint">${t("login.help")}</p></div><${LanguageChoice} /></main>`;
}
