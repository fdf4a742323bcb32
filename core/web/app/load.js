// load: what a component asks the hub for, with every state that asking has. Replies are kept for a while under their
// address, so that going back shows at once what was there, as long as it was.
import { useCallback, useEffect, useRef, useState } from "./html.js";
import { get } from "./api.js";
import { address } from "./urls.js";
import { place } from "./router.js";
import { useApp } from "./state.js";

const KEPT = 40;
const kept = new Map(); // address -> what was shown

function keep(key, value) {
	kept.delete(key);
	kept.set(key, value);
	if (kept.size > KEPT) kept.delete(kept.keys().next().value);
}
// After a change of ours what is kept may be wrong.
export const forget = () => kept.clear();

// What failed because the hub could not be reached is asked for again as soon as it can.
function useReturn(error, again) {
	const offline = useApp((s) => s.offline);
	const before = useRef(offline);
	useEffect(() => {
		if (before.current && !offline && error?.code === "offline") again();
		before.current = offline;
	}, [offline]);
}

// {data, error, loading, again, put}. `path` null: nothing to ask. What was shown stays while the new is on its way
// (`loading` says so), unless the address is another thing altogether (`fresh`).
export function useLoad(path, params = {}, { fresh = false, quiet = false } = {}) {
	const key = path && address(path, params);
	const [shown, show] = useState(() => ({ key, data: kept.get(key) ?? null, error: null, loading: !!key }));
	const [round, setRound] = useState(0);
	const latest = useRef(key);
	latest.current = key;
	useEffect(() => {
		if (!key) return undefined;
		const abort = new AbortController();
		const known = kept.get(key);
		show((old) => ({ key, data: known ?? (fresh && old.key !== key ? null : old.data), error: null, loading: !quiet || !known }));
		get(path, params, abort.signal).then(
			(data) => (keep(key, data), show({ key, data, error: null, loading: false })),
			(error) => error.name !== "AbortError" && show((old) => ({ ...old, key, error, loading: false })),
		);
		return () => abort.abort();
	}, [key, round]);
	const again = useCallback(() => setRound((n) => n + 1), []);
	const put = useCallback((change) => {
		show((old) => {
			const data = change(old.data);
			keep(latest.current, data);
			return { ...old, data };
		});
	}, []);
	useReturn(shown.error, again);
	const stale = fresh && shown.key !== key;
	return { ...shown, data: stale ? (kept.get(key) ?? null) : shown.data, loading: shown.loading || stale, again, put };
}

// A list in pages: {first, rows, more, error, loading, loadingMore, next, again, drop}. `field` names the rows in a reply.
export function usePages(path, params, field) {
	const key = path && `${field} ${address(path, params)}`;
	const begin = () => {
		const known = place().how === "pop" || place().how === "first" ? kept.get(key) : null;
		return known ?? { key, first: null, rows: [], cursor: null };
	};
	const [shown, show] = useState(begin);
	const [asking, setAsking] = useState({ loading: !!key && !shown.first, loadingMore: false, error: null });
	const [round, setRound] = useState(0);
	const busy = useRef(null);
	useEffect(() => {
		if (!key) return undefined;
		const known = round ? null : begin();
		if (known?.first) {
			show(known);
			setAsking({ loading: false, loadingMore: false, error: null });
			return undefined;
		}
		const abort = new AbortController();
		busy.current = abort;
		setAsking({ loading: true, loadingMore: false, error: null });
		get(path, params, abort.signal).then(
			(first) => {
				const page = { key, first, rows: first[field] ?? [], cursor: first.cursor ?? null };
				keep(key, page);
				show(page);
				setAsking({ loading: false, loadingMore: false, error: null });
			},
			(error) => error.name !== "AbortError" && setAsking({ loading: false, loadingMore: false, error }),
		);
		return () => abort.abort();
	}, [key, round]);

	const next = useCallback(() => {
		if (!shown.cursor || asking.loadingMore || asking.loading) return;
		const { signal } = busy.current ?? new AbortController();
		setAsking({ loading: false, loadingMore: true, error: null });
		get(path, { ...params, cursor: shown.cursor }, signal).then(
			(reply) => {
				show((old) => {
					const seen = new Set(old.rows.map((row) => row.id).filter((id) => id !== undefined));
					const rows = [...old.rows, ...(reply[field] ?? []).filter((row) => !seen.has(row.id))];
					const page = { ...old, rows, cursor: reply.cursor ?? null };
					keep(key, page);
					return page;
				});
				setAsking({ loading: false, loadingMore: false, error: null });
			},
			(error) => error.name !== "AbortError" && setAsking({ loading: false, loadingMore: false, error }),
		);
	}, [key, shown.cursor, asking.loadingMore, asking.loading]);
	const change = useCallback((edit) => show((old) => ({ ...old, rows: edit(old.rows) })), []);
	const again = useCallback(() => setRound((n) => n + 1), []);
	useReturn(asking.error, again);
	const current = shown.key === key ? shown : { ...shown, cursor: null };
	return { ...current, ...asking, stale: shown.key !== key, more: !!current.cursor, next, again, change };
}
