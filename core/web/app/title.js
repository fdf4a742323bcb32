// title: what the browser calls the page.
import { useEffect } from "./html.js";

export function useTitle(text) {
	useEffect(() => {
		document.title = text ? `${text} · Meri` : "Meri";
	}, [text]);
}
