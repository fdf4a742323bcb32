// session: who is here: asking, logging in, logging out.
import { get, post } from "./api.js";
import { set } from "./state.js";
import { go, place } from "./router.js";
import { forget } from "./load.js";
import { safeReturn } from "./urls.js";

// Who is here? Nobody: the log-in.
export async function begin() {
	// Who asks for the log-in is not asked who they are.
	if (["login", "welcome"].includes(place().view)) {
		set({ phase: "out" });
		return;
	}
	try {
		const me = await get("/me");
		set({ me, phase: "in", over: false });
	} catch (error) {
		set(error.code === "login_needed" ? { phase: "out" } : { phase: "failed", startError: error });
	}
}

// After log-in or welcome the hub says who is here, as /me does.
export function entered(me) {
	forget();
	set({ me, phase: "in", over: false });
	// The log-in may stand in the place of what was asked for; then the address is right already.
	if (["login", "welcome"].includes(place().view)) go(safeReturn(place().params.get("to")), { replace: true });
}

export async function leave() {
	await post("/logout").catch(() => {});
	forget();
	set({ me: null, phase: "out", over: false, toasts: [] });
	go("/login", { replace: true });
}
