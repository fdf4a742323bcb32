// welcome: the one-time link: the first admin, or somebody who was invited, chooses a name and a password.
import { html, useState } from "../app/html.js";
import { t } from "../app/lang.js";
import { post } from "../app/api.js";
import { entered } from "../app/session.js";
import { useLoad } from "../app/load.js";
import { useTitle } from "../app/title.js";
import { Logo } from "../parts/icons.js";
import { Button, Field } from "../parts/bits.js";
import { errorText, Loaded } from "../parts/states.js";
import { LanguageChoice } from "./login.js";

const SHORTEST = 10; // characters of a password

function Form({ key_, invited }) {
	const [values, setValues] = useState({ name: invited.name ?? "", full_name: "", password: "", again: "" });
	const [errors, setErrors] = useState({});
	const [busy, setBusy] = useState(false);
	const put = (field) => (e) => setValues((old) => ({ ...old, [field]: e.target.value }));
	const submit = async (event) => {
		event.preventDefault();
		const wrong = {};
		if (!invited.name && !/^[a-z0-9][a-z0-9._-]*$/.test(values.name.trim())) wrong.name = t("welcome.name-form");
		if (Array.from(values.password).length < SHORTEST) wrong.password = t("welcome.short", { n: SHORTEST });
		else if (values.password !== values.again) wrong.again = t("welcome.differ");
		setErrors(wrong);
		if (Object.keys(wrong).length) return;
		setBusy(true);
		try {
			entered(await post("/welcome", { key: key_, name: values.name.trim(), full_name: values.full_name.trim() || undefined, password: values.password }));
		} catch (e) {
			setErrors({ again: errorText(e) });
			setBusy(false);
		}
	};
	return html`<form onSubmit=${submit}>
		<${Field} id="name" label=${t("login.name")} hint=${invited.name ? undefined : t("welcome.name-hint")} autocomplete="username" autocapitalize="off" spellcheck=${false} required readonly=${!!invited.name} value=${values.name} onInput=${put("name")} error=${errors.name} />
		<${Field} id="full_name" label=${t("users.full-name")} autocomplete="name" value=${values.full_name} onInput=${put("full_name")} />
		<${Field} id="password" label=${t("login.password")} type="password" autocomplete="new-password" required hint=${t("welcome.password-hint", { n: SHORTEST })} value=${values.password} onInput=${put("password")} error=${errors.password} />
		<${Field} id="again" label=${t("welcome.again")} type="password" autocomplete="new-password" required value=${values.again} onInput=${put("again")} error=${errors.again} />
		<${Button} tone="main" type="submit" busy=${busy}>${t("welcome.do")}<//></form>`;
}

export default function Welcome({ route }) {
	const key = route.params.get("key") ?? "";
	const load = useLoad("/welcome", { key });
	useTitle(t("welcome.title"));
	return html`<main class="gate"><div class="gate-card"><div class="gate-brand"><${Logo} /><span>Meri</span></div>
		<h1 tabindex="-1">${t("welcome.title")}</h1>
		<${Loaded} load=${load} rows=${3}>${(invited) => html`<p class="lead">${invited.first ? t("welcome.first") : t("welcome.invited")}</p><${Form} key_=${key} invited=${invited} />`}<//></div><${LanguageChoice} /></main>`;
}
