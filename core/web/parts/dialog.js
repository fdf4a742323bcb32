// dialog: a window over the page. The browser's own <dialog> keeps the focus in and gives it back.
import { html, useEffect, useRef } from "../app/html.js";
import { t } from "../app/lang.js";
import { IconButton } from "./bits.js";

export function Dialog({ title, onClose, children, wide }) {
	const box = useRef(null);
	useEffect(() => {
		const before = document.activeElement;
		box.current.showModal();
		box.current.querySelector("[autofocus], input:not([type=hidden]), textarea, .dialog-body button")?.focus();
		return () => {
			if (before?.isConnected) before.focus({ preventScroll: true });
		};
	}, []);
	const outside = (event) => event.target === box.current && onClose();
	return html`<dialog ref=${box} class=${wide ? "dialog is-wide" : "dialog"} aria-label=${title} onMouseDown=${outside}
		onCancel=${(event) => (event.preventDefault(), onClose())}>
		<div class="dialog-frame"><header class="dialog-head"><h2>${title}</h2>
			<${IconButton} icon="close" label=${t("close")} onClick=${onClose} /></header>
		<div class="dialog-body">${children}</div></div></dialog>`;
}
