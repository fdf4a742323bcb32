// note: writing down on the spot what only oneself knows.
import { html, useState } from "../app/html.js";
import { t } from "../app/lang.js";
import { post, patch } from "../app/api.js";
import { get as state, toast } from "../app/state.js";
import { changedNow } from "../app/decide.js";
import { Button, Field } from "./bits.js";
import { errorText } from "./states.js";

// A new note about `customer`, or a change of `note`. Ctrl+Enter saves.
export function NoteForm({ customer, note, onDone, onCancel }) {
	const [title, setTitle] = useState(note?.title ?? "");
	const [text, setText] = useState(note?.text ?? "");
	const [team, setTeam] = useState("");
	const [error, setError] = useState(null);
	const [busy, setBusy] = useState(false);
	const teams = state().me?.user?.teams ?? [];
	const save = async (event) => {
		event?.preventDefault();
		if (!text.trim()) {
			setError(t("note.empty-text"));
			return;
		}
		setBusy(true);
		try {
			if (note) await patch(`/notes/${note.id}`, { title: title.trim(), text });
			else await post("/notes", { customer, title: title.trim() || undefined, text, readers: team ? [team] : undefined });
			toast(t(note ? "note.changed" : "note.saved"));
			changedNow();
			onDone?.();
		} catch (e) {
			setError(errorText(e));
			setBusy(false);
		}
	};
	return html`<form class="note-form" onSubmit=${save} onKeyDown=${(e) => e.key === "Enter" && (e.ctrlKey || e.metaKey) && save(e)}>
		<${Field} id="note-title" label=${t("note.title")} value=${title} maxlength="300" dir="auto" onInput=${(e) => setTitle(e.target.value)} />
		<${Field} id="note-text" as="textarea" label=${t("note.text")} rows="5" maxlength="40000" dir="auto" value=${text} error=${error} required onInput=${(e) => setText(e.target.value)} />
		${!note && teams.length > 0 && html`<${Field} id="note-readers" as="select" label=${t("note.readers")} value=${team} onChange=${(e) => setTeam(e.target.value)}>
			<option value="">${t("note.everyone")}</option>${teams.map((one) => html`<option key=${one} value=${one}>${t("note.team-only", { team: one })}</option>`)}<//>`}
		<div class="buttons"><${Button} tone="main" type="submit" busy=${busy}>${t("save")}<//><${Button} onClick=${onCancel}>${t("cancel")}<//><span class="hint"><kbd>Ctrl</kbd> <kbd>↵</kbd></span></div></form>`;
}
