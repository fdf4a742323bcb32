// record: a record on a page of its own.
import { html, useState } from "../app/html.js";
import { useTitle } from "../app/title.js";
import { RecordView } from "../parts/record.js";
import { Beside } from "../parts/beside.js";

export function RecordPage({ route }) {
	const [title, setTitle] = useState("");
	useTitle(title);
	return html`<div class="narrow record-page" data-list><${RecordView} id=${route.id} heading="h1" onTitle=${setTitle} onGone=${() => history.back()} /><${Beside} route=${route} /></div>`;
}
