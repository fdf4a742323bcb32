// users: who may come in, and in which teams they are. For admins.
import { html, useState } from "../app/html.js";
import { t, timeOf } from "../app/lang.js";
import { usePages } from "../app/load.js";
import { post, patch, remove } from "../app/api.js";
import { toast } from "../app/state.js";
import { useTitle } from "../app/title.js";
import { Badge, Button, Field, More, Time } from "../parts/bits.js";
import { errorText, Failed, isAdmin, NotAllowed, Nothing, Skeleton } from "../parts/states.js";
import { Dialog } from "../parts/dialog.js";

// Something to be handed on once: shown whole, chosen by one click, copied by another.
export function Secret({ label, value, hint }) {
	const [told, tell] = useState("");
	const copy = () => (navigator.clipboard ? navigator.clipboard.writeText(value) : Promise.reject()).then(() => tell(t("copied")), () => tell(t("copy-failed")));
	return html`<${Field} id="secret" label=${label} readonly value=${value} hint=${hint} onFocus=${(e) => e.target.select()} /><div class="buttons"><${Button} icon="document" onClick=${copy}>${t("copy")}<//><span class="hint" role="status">${told}</span></div>`;
}

function UserForm({ user, onClose, onDone }) {
	const [values, setValues] = useState({ name: user?.name ?? "", full_name: user?.full_name ?? "", email: user?.email ?? "", teams: (user?.teams ?? []).join(", "), admin: user?.admin ?? false });
	const [error, setError] = useState(null);
	const [busy, setBusy] = useState(false);
	const [invited, setInvited] = useState(null);
	const put = (field) => (e) => setValues((old) => ({ ...old, [field]: e.target.type === "checkbox" ? e.target.checked : e.target.value }));
	const save = async (event) => {
		event.preventDefault();
		setBusy(true);
		setError(null);
		const body = { full_name: values.full_name.trim() || null, email: values.email.trim() || null, teams: values.teams.split(",").map((one) => one.trim()).filter(Boolean), admin: values.admin };
		try {
			if (user) {
				await patch(`/users/${user.id}`, body);
				onDone();
				onClose();
				toast(t("users.changed", { name: user.name }));
			} else {
				const made = await post("/users", { name: values.name.trim(), ...body });
				onDone();
				setInvited(await post(`/users/${made.user?.id ?? made.id}/invite`, {}));
			}
		} catch (e) {
			setError(errorText(e));
		}
		setBusy(false);
	};
	if (invited) return html`<${Dialog} title=${t("users.invited")} onClose=${onClose}><${Secret} label=${t("users.link")} value=${invited.link} hint=${t("users.link-hint", { until: timeOf(invited.expires_at) })} /><//>`;
	return html`<${Dialog} title=${user ? t("users.change", { name: user.name }) : t("users.add")} onClose=${onClose}><form onSubmit=${save}>
		${!user && html`<${Field} id="user-name" label=${t("login.name")} hint=${t("welcome.name-hint")} required autocapitalize="off" spellcheck=${false} value=${values.name} onInput=${put("name")} />`}
		<${Field} id="user-full" label=${t("users.full-name")} value=${values.full_name} onInput=${put("full_name")} /><${Field} id="user-email" type="email" label=${t("users.email")} hint=${t("users.email-hint")} value=${values.email} onInput=${put("email")} />
		<${Field} id="user-teams" label=${t("users.teams")} hint=${t("users.teams-hint")} value=${values.teams} onInput=${put("teams")} /><label class="tick"><input type="checkbox" checked=${values.admin} onChange=${put("admin")} /> <span>${t("users.admin")}<small>${t("users.admin-hint")}</small></span></label>
		${error && html`<p class="field-error" role="alert">${error}</p>`}<div class="buttons"><${Button} tone="main" type="submit" busy=${busy}>${user ? t("save") : t("users.invite")}<//><${Button} onClick=${onClose}>${t("cancel")}<//></div></form><//>`;
}

function Remove({ user, onClose, onDone }) {
	const [error, setError] = useState(null);
	const run = async () => {
		try {
			await remove(`/users/${user.id}`);
			toast(t("users.removed", { name: user.name }));
			onDone();
			onClose();
		} catch (e) {
			setError(errorText(e));
		}
	};
	return html`<${Dialog} title=${t("users.remove-title", { name: user.name })} onClose=${onClose}><p>${t("users.remove-text")}</p>${error && html`<p class="field-error" role="alert">${error}</p>`}
		<div class="buttons"><${Button} tone="danger" onClick=${run}>${t("users.remove")}<//><${Button} onClick=${onClose} autofocus>${t("cancel")}<//></div><//>`;
}

function Invited({ user, onClose }) {
	const [invited, setInvited] = useState(null);
	const [error, setError] = useState(null);
	if (!invited && !error) post(`/users/${user.id}/invite`, {}).then(setInvited, setError);
	return html`<${Dialog} title=${t("users.invite-title", { name: user.name })} onClose=${onClose}>${error ? html`<${Failed} error=${error} />` : invited ? html`<${Secret} label=${t("users.link")} value=${invited.link} hint=${t("users.link-hint", { until: timeOf(invited.expires_at) })} />` : html`<${Skeleton} rows=${1} />`}<//>`;
}

export default function Users() {
	const pages = usePages(isAdmin() ? "/users" : null, {}, "users");
	const [open, setOpen] = useState(null);
	useTitle(t("nav.users"));
	if (!isAdmin()) return html`<div class="narrow"><h1 class="unseen" tabindex="-1">${t("nav.users")}</h1><${NotAllowed} /></div>`;
	const close = () => setOpen(null);
	const Shown = { change: UserForm, remove: Remove, invite: Invited }[open?.what];
	return html`<div class="wide"><header class="view-head"><h1 tabindex="-1">${t("nav.users")}</h1><p class="lead">${t("users.lead")}</p><div class="buttons view-actions"><${Button} tone="main" icon="plus" onClick=${() => setOpen({ what: "change" })}>${t("users.add")}<//></div></header>
		${pages.error && !pages.rows.length ? html`<${Failed} error=${pages.error} again=${pages.again} />` : !pages.first ? html`<${Skeleton} rows=${4} />` : !pages.rows.length ? html`<${Nothing} icon="users" title=${t("users.none")} />`
			: html`<ul class="user-list" data-list>${pages.rows.map((u) => html`<li key=${u.id} class="user-row"><div class="user-main"><b><bdi>${u.full_name || u.name}</bdi></b> <span class="mono quiet-text"><bdi>${u.name}</bdi></span>${u.admin && html` <${Badge} tone="strong">${t("users.admin-badge")}<//>`}
				${u.has_password === false ? html` <${Badge} tone="weak">${t("users.no-password")}<//>` : ""}<p class="quiet-text">${u.email && html`<bdi>${u.email}</bdi>`}${u.teams?.length ? html`${u.email ? " · " : ""}${t("users.in-teams")} ${u.teams.map((one, i) => html`${i ? ", " : ""}<bdi key=${one}>${one}</bdi>`)}` : ""}${u.last_in_at && html`${u.email || u.teams?.length ? " · " : ""}${t("users.last")} <${Time} at=${u.last_in_at} relative />`}</p></div>
				<div class="buttons"><${Button} small data-row onClick=${() => setOpen({ what: "change", user: u })}>${t("change")}<//><${Button} small onClick=${() => setOpen({ what: "invite", user: u })}>${t("users.new-link")}<//><${Button} small onClick=${() => setOpen({ what: "remove", user: u })}>${t("users.remove")}<//></div></li>`)}</ul><${More} pages=${pages} />`}
		${Shown && html`<${Shown} user=${open.user} onClose=${close} onDone=${pages.again} />`}</div>`;
}
