// main: starts the page: the language, who is here, the view that the address names.
import { html, render, useEffect, useLayoutEffect, useRef, useState } from "./html.js";
import { start, onLanguage, t } from "./lang.js";
import { begin } from "./session.js";
import { get as state, useApp } from "./state.js";
import { changed } from "./urls.js";
import { listen, settle, useRoute } from "./router.js";
import { listenKeys } from "./keys.js";
import { Shell, Toasts } from "../parts/shell.js";
import { Failed, Skeleton } from "../parts/states.js";
import { Home } from "../views/home.js";
import { Find } from "../views/find.js";
import { Customer } from "../views/customer.js";
import { RecordPage } from "../views/record.js";
import { Login } from "../views/login.js";

const AT_ONCE = { home: Home, find: Find, customer: Customer, record: RecordPage };
// What not everybody needs every day comes when it is asked for.
const LATER = {
	work: () => import("../views/work.js"),
	sources: () => import("../views/sources.js"),
	source: () => import("../views/source.js"),
	users: () => import("../views/users.js"),
	audit: () => import("../views/audit.js"),
	account: () => import("../views/account.js"),
	welcome: () => import("../views/welcome.js"),
	missing: () => import("../views/missing.js"),
};
const fetched = {};

function View({ route }) {
	const [, drawn] = useState(0);
	const [error, setError] = useState(null);
	const Shown = AT_ONCE[route.view] ?? fetched[route.view];
	useEffect(() => {
		if (Shown) return;
		setError(null);
		LATER[route.view]().then(
			(module) => ((fetched[route.view] = module.default), drawn((n) => n + 1)),
			() => setError({ code: "offline" }),
		);
	}, [route.view]);
	if (error) return html`<${Failed} error=${error} again=${() => location.reload()} heading="h1" />`;
	return Shown ? html`<${Shown} key=${route.path} route=${route} />` : html`<${Skeleton} />`;
}

// After a view of another address is drawn, the scroll and the focus follow.
function useSettled(route) {
	const before = useRef(null);
	useLayoutEffect(() => {
		// Opening and closing what stands beside a list moves nothing.
		const list = ({ path, params }) => changed(path, params, { open: null });
		const moved = before.current && (before.current.path !== route.path || (route.how === "pop" && list(before.current) !== list(route)));
		const searched = before.current && route.view === "find" && before.current.params.get("q") !== route.params.get("q");
		before.current = route;
		if (moved) settle(route);
		else if (searched && route.how === "push") scrollTo(0, 0);
	}, [route]);
}

function App() {
	const route = useRoute();
	const phase = useApp((s) => s.phase);
	const me = useApp((s) => s.me);
	const [language, setLanguage] = useState(0);
	useEffect(() => onLanguage(() => setLanguage((n) => n + 1)), []);
	useSettled(route);
	if (route.view === "welcome") return html`<div class="alone" key=${language}><${View} route=${route} /><${Toasts} /></div>`;
	if (phase === "starting") return html`<div class="starting" role="status"><span class="unseen">${t("loading")}</span></div>`;
	if (phase === "failed") return html`<div class="alone"><main><${Failed} error=${state().startError} again=${begin} heading="h1" /></main></div>`;
	if (phase === "out" || route.view === "login") return html`<div class="alone" key=${language}><${Login} route=${route} /><${Toasts} /></div>`;
	return html`<${Shell} key=${language} me=${me} view=${route.view}><${View} route=${route} /><//>`;
}

await start();
listen();
listenKeys();
render(html`<${App} />`, document.getElementById("page"));
await begin();
