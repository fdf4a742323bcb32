// missing: an address that is none of the page's.
import { html } from "../app/html.js";
import { t } from "../app/lang.js";
import { useTitle } from "../app/title.js";
import { Nothing } from "../parts/states.js";

export default function Missing() {
	useTitle(t("error.not_found.title"));
	return html`<div class="narrow"><h1 tabindex="-1" class="unseen">${t("error.not_found.title")}</h1>
		<${Nothing} title=${t("missing.title")} action=${html`<a class="button" href="/">${t("missing.home")}</a>`}>${t("missing.text")}<//></div>`;
}
