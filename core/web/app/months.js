// months: contacts by month and kind, as the chart draws them.
const MOST_KINDS = 5; // the rest is "other"
const YEARS = 5 * 12; // months drawn at most
const SILENCE = 2 * 12; // months drawn after the last contact at most

// Every month from the first to the last, the silent ones too: silence is what the chart is for.
export function filled(months, today = new Date()) {
	if (!months?.length) return [];
	const known = new Map(months.map((m) => [m.month, m.counts]));
	const index = (text) => Number(text.slice(0, 4)) * 12 + Number(text.slice(5, 7)) - 1;
	const last = Math.max(...months.map((m) => index(m.month)));
	const now = today.getFullYear() * 12 + today.getMonth();
	const end = Math.max(last, Math.min(now, last + SILENCE));
	const first = Math.max(Math.min(...months.map((m) => index(m.month))), end - YEARS + 1);
	const out = [];
	for (let i = first; i <= end; i++) {
		const month = `${Math.floor(i / 12)}-${String((i % 12) + 1).padStart(2, "0")}`;
		out.push({ month, counts: known.get(month) ?? {} });
	}
	return out;
}

const CARDS = ["account", "person"]; // what a source keeps about somebody is no contact

// The kinds with most first; what is left over is put together.
export function series(months) {
	const sums = {};
	for (const m of months) for (const [kind, n] of Object.entries(m.counts)) if (!CARDS.includes(kind)) sums[kind] = (sums[kind] ?? 0) + n;
	const kinds = Object.keys(sums).sort((a, b) => sums[b] - sums[a]);
	const own = kinds.length > MOST_KINDS ? kinds.slice(0, MOST_KINDS - 1) : kinds;
	const rows = own.map((kind) => ({ kind, values: months.map((m) => m.counts[kind] ?? 0) }));
	if (own.length < kinds.length)
		rows.push({ kind: "other", values: months.map((m) => kinds.slice(own.length).reduce((sum, k) => sum + (m.counts[k] ?? 0), 0)) });
	return rows;
}

// Bars that stand on each other: the whole is drawn first, the parts over it.
export const stacked = (rows) => rows.map((row, i) => row.values.map((_, at) => rows.slice(i).reduce((sum, r) => sum + r.values[at], 0)));
