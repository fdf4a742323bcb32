// record: a record on a page of its own.
import { html, useState } from "../app/html.js";
import { t } from "../app/lang.js";
import { go } from "../app/router.js";
import { changed } from "../app/urls.js";
import { useTitle } from "../app/title.js";
import { addKeys } from "../app/keys.js";
import { useEffect } from "../app/html.js";
import { RecordView, Drawer } from "../parts/record.js";

export function RecordPage({ route }) {
	const [title, setTitle] = useState("");
	useTitle(title);
	const open = route.params.get("open");
	const close = () => go(changed(route.path, route.params, { open: null }), { replace: true });
	useEffect(() => (open ? addKeys({ Escape: close }) : undefined), [open]);
	return html`<div class="narrow record-page" data-list><${RecordView} id=${route.id} heading="h1" onTitle=${setTitle} onGone=${() => history.back()} />
		${open && html`<${Drawer} id=${open} onClose=${close} />`}</div>`;
}
