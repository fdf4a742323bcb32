// chart: contacts with a customer over time, stacked by kind, a bar a month; the same as a table for who cannot see it or
// wants the figures.
import { html, useEffect, useRef, useState } from "../app/html.js";
import { t, word, number, monthOf } from "../app/lang.js";
import { filled, series, stacked } from "../app/months.js";
import { Failed } from "./states.js";

const HEIGHT = 150;

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function options(uPlot, width, months, rows, labels) {
	const ink = colour("--muted");
	const grid = { stroke: colour("--line"), width: 1 };
	const font = `11px ${getComputedStyle(document.body).fontFamily}`;
	return {
		width,
		height: HEIGHT,
		padding: [8, 4, 0, 0],
		legend: { show: false },
		cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
		scales: { x: { time: false, range: [-0.6, Math.max(months.length, 6) - 0.4] }, y: { range: (u, low, high) => [0, Math.max(high, 4)] } },
		axes: [
			{ stroke: ink, font, grid: { show: false }, ticks: { show: false }, size: 24, splits: () => yearStarts(months, width), values: (u, at) => at.map((i) => labels(i)) },
			{ stroke: ink, font, grid, ticks: { show: false }, size: 34, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000] },
		],
		series: [
			{},
			...rows.map((row, i) => ({ label: row.kind, fill: colour(`--chart-${i + 1}`), stroke: colour(`--chart-${i + 1}`), width: 0, points: { show: false }, paths: uPlot.paths.bars({ size: [0.72, 26], radius: 0.12 }) })),
		],
	};
}

// Labels where they fit: years, or every few months where there are few.
function yearStarts(months, width) {
	const room = Math.max(1, Math.floor(width / 70));
	const starts = months.map((m, i) => (m.month.endsWith("-01") ? i : -1)).filter((i) => i >= 0);
	if (months.length > 15 && starts.length) return starts.filter((_, i) => i % Math.ceil(starts.length / room) === 0);
	const step = Math.max(1, Math.ceil(months.length / room));
	return months.map((_, i) => i).filter((i) => i % step === 0);
}

function Drawn({ months, rows, onPoint }) {
	const box = useRef(null);
	const [error, setError] = useState(null);
	useEffect(() => {
		let plot = null;
		let gone = false;
		let watch = null;
		const scheme = matchMedia("(prefers-color-scheme: dark)");
		const themes = new MutationObserver(() => draw());
		let draw = () => {};
		import("/lib/uplot.js").then(
			({ default: uPlot }) => {
				if (gone) return;
				const label = (i) => (months[i] ? (months[i].month.endsWith("-01") || months.length > 15 ? (months.length > 15 ? months[i].month.slice(0, 4) : monthOf(months[i].month, "short")) : monthOf(months[i].month, "short")) : "");
				draw = () => {
					if (gone) return;
					plot?.destroy();
					const made = options(uPlot, box.current.clientWidth, months, rows, label);
					made.hooks = { setCursor: [(u) => onPoint(u.cursor.idx ?? null)] };
					plot = new uPlot(made, [months.map((_, i) => i), ...stacked(rows)], box.current);
				};
				draw();
				watch = new ResizeObserver(() => {
					const width = box.current?.clientWidth;
					if (plot && width && width !== plot.width) plot.setSize({ width, height: HEIGHT });
				});
				watch.observe(box.current);
				themes.observe(document.documentElement, { attributeFilter: ["data-theme"] });
				scheme.addEventListener("change", draw);
			},
			() => setError({ code: "offline" }),
		);
		return () => {
			gone = true;
			watch?.disconnect();
			themes.disconnect();
			scheme.removeEventListener("change", draw);
			plot?.destroy();
		};
	}, [months, rows]);
	return error ? html`<${Failed} error=${error} />` : html`<div class="chart" ref=${box} aria-hidden="true"></div>`;
}

export function Contacts({ months }) {
	const [at, setAt] = useState(null);
	const [table, setTable] = useState(false);
	const data = useRef({});
	if (data.current.months !== months) {
		const all = filled(months);
		data.current = { months, all, rows: series(all) };
	}
	const { all, rows } = data.current;
	if (!rows.length) return html`<p class="quiet-text">${t("chart.none")}</p>`;
	const called = (kind) => (kind === "other" ? t("chart.other") : word("kinds", kind));
	const total = (i) => rows.reduce((sum, row) => sum + row.values[i], 0);
	const point = at !== null && all[at] ? at : null;
	return html`<figure class="contacts"><figcaption class="contacts-head">
			<ul class="legend">${rows.map((row, i) => html`<li key=${row.kind}><i class=${`swatch is-${i + 1}`} aria-hidden="true"></i>${called(row.kind)}${point !== null && html` <b>${number(row.values[point])}</b>`}</li>`)}</ul>
			<span class="contacts-point">${point !== null ? `${monthOf(all[point].month)}: ${t("n-records", { n: total(point) })}` : ""}</span>
			<button type="button" class="link-button" aria-expanded=${table ? "true" : "false"} onClick=${() => setTable(!table)}>${table ? t("chart.as-picture") : t("chart.as-table")}</button></figcaption>
		${table
			? html`<div class="table-box" tabindex="0" role="region" aria-label=${`${t("chart.title")}: ${t("chart.as-table")}`}><table class="table is-small"><caption class="unseen">${t("chart.title")}</caption><thead><tr><th scope="col">${t("chart.month")}</th>${rows.map((r) => html`<th scope="col" class="is-number" key=${r.kind}>${called(r.kind)}</th>`)}<th scope="col" class="is-number">${t("chart.all")}</th></tr></thead>
				<tbody>${all.map((m, i) => ({ m, i })).reverse().filter(({ i }) => total(i)).map(({ m, i }) => html`<tr key=${m.month}><th scope="row">${monthOf(m.month)}</th>${rows.map((r) => html`<td class="is-number" key=${r.kind}>${r.values[i] ? number(r.values[i]) : ""}</td>`)}<td class="is-number">${number(total(i))}</td></tr>`)}</tbody></table></div>`
			: html`<${Drawn} months=${all} rows=${rows} onPoint=${setAt} />`}
	</figure>`;
}
