// audit: who looked up what, and when. For admins; nothing here can be changed.
import { html, useState } from "../app/html.js";
import { t, word, number, timeOf } from "../app/lang.js";
import { usePages } from "../app/load.js";
import { go } from "../app/router.js";
import { address } from "../app/urls.js";
import { useTitle } from "../app/title.js";
import { Button, Field, More } from "../parts/bits.js";
import { Failed, isAdmin, NotAllowed, Nothing, Skeleton } from "../parts/states.js";

const FILTERS = ["user", "action", "customer", "after", "before"];
// As the hub names them in the log.
const ACTIONS = [
	"find", "customers", "customer", "timeline", "record", "thread", "decide", "undo", "note_add", "note_change", "note_remove", "sync", "cancel", "check", "removals",
	"login", "login_failed", "login_throttled", "logout", "welcome", "password", "user_add", "user_change", "user_remove", "user_invite", "token_add", "token_remove", "audit",
];

function Limits({ route }) {
	const [values, setValues] = useState(Object.fromEntries(FILTERS.map((f) => [f, route.params.get(f) ?? ""])));
	const put = (field) => (e) => setValues((old) => ({ ...old, [field]: e.target.value }));
	const submit = (event) => {
		event.preventDefault();
		go(address("/audit", values));
	};
	return html`<form class="audit-filters" onSubmit=${submit}><${Field} id="audit-user" label=${t("audit.user")} value=${values.user} onInput=${put("user")} />
		<${Field} id="audit-action" as="select" label=${t("audit.action")} value=${values.action} onChange=${put("action")}><option value="">${t("audit.any")}</option>${ACTIONS.map((a) => html`<option key=${a} value=${a}>${word("action", a)}</option>`)}<//>
		<${Field} id="audit-customer" label=${t("audit.customer")} inputmode="numeric" value=${values.customer} onInput=${put("customer")} /><${Field} id="audit-after" type="date" label=${t("audit.after")} value=${values.after} onInput=${put("after")} /><${Field} id="audit-before" type="date" label=${t("audit.before")} value=${values.before} onInput=${put("before")} />
		<div class="buttons"><${Button} type="submit" icon="filter">${t("audit.show")}<//>${FILTERS.some((f) => route.params.get(f)) && html`<a class="link" href="/audit">${t("limits.clear")}</a>`}</div></form>`;
}

export default function Audit({ route }) {
	const asked = Object.fromEntries(FILTERS.map((f) => [f, route.params.get(f)]));
	const pages = usePages(isAdmin() ? "/audit" : null, { ...asked, n: 50 }, "entries");
	useTitle(t("nav.audit"));
	if (!isAdmin()) return html`<div class="narrow"><h1 class="unseen" tabindex="-1">${t("nav.audit")}</h1><${NotAllowed} /></div>`;
		return html`<div class="wide"><header class="view-head"><h1 tabindex="-1">${t("nav.audit")}</h1><p class="lead">${t("audit.lead")}</p></header><${Limits} route=${route} key=${route.url} />
		${pages.error && !pages.rows.length ? html`<${Failed} error=${pages.error} again=${pages.again} />` : !pages.first ? html`<${Skeleton} rows=${8} />` : !pages.rows.length ? html`<${Nothing} icon="audit" title=${t("audit.none")} />`
			: html`<div class="table-box" tabindex="0" role="region" aria-label=${t("nav.audit")}><table class="table"><caption class="unseen">${t("nav.audit")}</caption><thead><tr><th scope="col">${t("audit.at")}</th><th scope="col">${t("audit.user")}</th><th scope="col">${t("audit.action")}</th><th scope="col">${t("audit.what")}</th><th scope="col" class="is-number">${t("audit.hits")}</th><th scope="col">${t("audit.via")}</th><th scope="col">${t("audit.address")}</th></tr></thead>
			<tbody>${pages.rows.map((e) => html`<tr key=${e.id}><th scope="row">${timeOf(e.at)}</th><td><bdi>${e.user ?? "–"}</bdi></td><td>${word("action", e.action)}</td><td class="audit-what">${e.customer ? html`<a href=${`/customer/${e.customer}`}>${e.what && !/^\d+$/.test(e.what) ? html`<bdi>${e.what}</bdi>` : `#${e.customer}`}</a>` : e.action === "record" && e.what ? html`<a href=${`/record/${e.what}`}>#${e.what}</a>` : e.what && html`<bdi>${e.what}</bdi>`}</td><td class="is-number">${e.hits === null || e.hits === undefined ? "" : number(e.hits)}</td><td>${word("via", e.via)}</td><td><bdi class="mono">${e.address}</bdi></td></tr>`)}</tbody></table></div><${More} pages=${pages} />`}</div>`;
}
