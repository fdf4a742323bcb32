// router: the address is the page's state. Going back brings the scroll and the focus back, too; they are kept with the
// history entry's own name, in this tab only.
import { useEffect, useState } from "./html.js";
import { routeOf } from "./urls.js";

const listeners = new Set();
const places = new Map(); // entry -> {y, focus}
let entry = history.state?.entry ?? String(Math.random()).slice(2);
let here = read("first");

function read(how) {
	const params = new URLSearchParams(location.search);
	return { ...routeOf(location.pathname), path: location.pathname, params, url: location.pathname + location.search, entry, how };
}

function leave() {
	places.set(entry, { y: scrollY, focus: document.activeElement?.id || null });
}

function tell(how) {
	here = read(how);
	for (const listener of listeners) listener(here);
}

export const place = () => here;

// Goes to an address of the page. `replace`: no entry of its own (while typing, say).
export function go(url, { replace = false } = {}) {
	if (url === here.url) {
		tell("same");
		return;
	}
	leave();
	if (!replace) entry = String(Math.random()).slice(2);
	history[replace ? "replaceState" : "pushState"]({ entry, from: replace ? history.state?.from : here.url }, "", url);
	tell(replace ? "replace" : "push");
}

// To an address that is most often where one came from: back then, so that no entry stands twice.
export function goBackTo(url) {
	if (history.state?.from === url) history.back();
	else go(url, { replace: true });
}

export function useRoute() {
	const [route, setRoute] = useState(here);
	useEffect(() => {
		listeners.add(setRoute);
		setRoute(here);
		return () => listeners.delete(setRoute);
	}, []);
	return route;
}

// After a view of another path is drawn: up and to its heading; after going back: where one was, as soon as the page is
// tall enough again, unless the reader moves first.
export function settle(route) {
	if (route.how === "pop") return bringBack(places.get(route.entry) ?? { y: 0, focus: null });
	if (route.how === "push" || route.how === "same") {
		scrollTo(0, 0);
		toHeading();
	}
}

// The heading may come only when the hub has answered; until then the focus waits at the main part.
function toHeading() {
	const until = performance.now() + 3000;
	const main = document.querySelector("main");
	const free = () => [document.body, main].includes(document.activeElement);
	if (!document.activeElement?.closest("dialog, [data-keep-focus]")) main?.focus({ preventScroll: true });
	const attempt = () => {
		if (!free() || main !== document.querySelector("main")) return;
		const heading = main?.querySelector("h1");
		if (heading) heading.focus({ preventScroll: true });
		else if (performance.now() < until) requestAnimationFrame(attempt);
	};
	attempt();
}

function bringBack({ y, focus }) {
	const until = performance.now() + 1500;
	let moved = false;
	const stop = () => (moved = true);
	addEventListener("wheel", stop, { once: true, passive: true });
	addEventListener("keydown", stop, { once: true });
	const attempt = () => {
		if (moved) return;
		const element = focus && document.getElementById(focus);
		if (document.documentElement.scrollHeight - innerHeight >= y - 1 || performance.now() > until) {
			scrollTo(0, y);
			element?.focus({ preventScroll: true });
			if (element || !focus || performance.now() > until) return;
		}
		requestAnimationFrame(attempt);
	};
	requestAnimationFrame(attempt);
}

function onClick(event) {
	const link = event.target.closest?.("a[href]");
	if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
	if (link.target || link.origin !== location.origin || link.pathname.startsWith("/api/") || link.hasAttribute("download")) return;
	if (link.hash && link.pathname === location.pathname) return;
	event.preventDefault();
	go(link.pathname + link.search);
}

export function listen() {
	history.scrollRestoration = "manual";
	history.replaceState({ entry, from: history.state?.from }, "");
	document.addEventListener("click", onClick);
	addEventListener("popstate", (event) => {
		places.set(entry, { y: scrollY, focus: document.activeElement?.id || null });
		entry = event.state?.entry ?? entry;
		tell("pop");
	});
}
