// embed: makes one C file of the page: node embed.mjs FOLDER NODE_MODULES MOST OUT
//
// Every file of the page is written as it is and gzipped, with its type and a strong ETag. Libraries keep their own
// form and get a fixed place under /lib; the bare names that they import are written as those places, since an import
// map would need a script within the page, which the page's content security policy forbids. Fails if the page would
// weigh more than MOST bytes on the wire.
import { readFileSync, writeFileSync, readdirSync, renameSync } from "node:fs";
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { join, extname, dirname, posix } from "node:path";

const [folder, modules, most, out] = process.argv.slice(2);
const FOLDERS = ["app", "parts", "views", "words", "style"];
const TYPES = {
	".html": "text/html; charset=utf-8",
	".js": "text/javascript; charset=utf-8",
	".css": "text/css; charset=utf-8",
	".svg": "image/svg+xml",
};
const LIBRARIES = [
	{ path: "/lib/preact.js", from: "preact/dist/preact.mjs" },
	{ path: "/lib/hooks.js", from: "preact/hooks/dist/hooks.mjs" },
	{ path: "/lib/htm.js", from: "htm/dist/htm.mjs" },
	{ path: "/lib/uplot.js", from: "uplot/dist/uPlot.iife.min.js", after: "\nexport default uPlot;\n" },
	{ path: "/lib/uplot.css", from: "uplot/dist/uPlot.min.css" },
];
const BARE = { preact: "/lib/preact.js", "preact/hooks": "/lib/hooks.js", htm: "/lib/htm.js" };

// The files' own notes of where their maps are would only be asked for in vain.
const tidy = (text) =>
	text
		.replace(/(from|import)\s*(["'])([^"'./][^"']*)\2/g, (all, word, quote, name) => {
			if (!BARE[name]) throw new Error(`nothing is known of the import "${name}"`);
			return `${word}${quote}${BARE[name]}${quote}`;
		})
		.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n");

function own(path) {
	return { path, text: readFileSync(join(folder, path), "utf8") };
}

function gather() {
	const files = [
		{ path: "/favicon.svg", text: own("favicon.svg").text },
		...LIBRARIES.map((l) => ({ path: l.path, text: tidy(readFileSync(join(modules, l.from), "utf8")) + (l.after ?? "") })),
	];
	for (const part of FOLDERS)
		for (const name of readdirSync(join(folder, part)))
			if (TYPES[extname(name)]) files.push({ path: `/${part}/${name}`, text: own(`${part}/${name}`).text });
	return files;
}

// What a module asks for before it can run, and what that asks for in turn.
function needed(files, path, seen = new Set()) {
	if (seen.has(path)) return seen;
	seen.add(path);
	const file = files.find((f) => f.path === path);
	if (!file) throw new Error(`${path} is imported and is not there`);
	// Ours stand one a line, the libraries' without blanks; import() is for later, and is not followed.
	const imports = path.startsWith("/lib/")
		? /\bfrom"([^"]+)"/g
		: /^(?:import\s+(?:[^"';=]*?\sfrom\s+)?|export\s+[^"';=]*?\sfrom\s+)"([^"]+)"/gm;
	for (const [, name] of file.text.matchAll(imports))
		needed(files, name.startsWith("/") ? name : posix.join(dirname(path), name), seen);
	return seen;
}

const c_string = (bytes) => {
	const lines = [];
	let line = "";
	for (let i = 0; i < bytes.length; i++) {
		const b = bytes[i];
		if (b === 0x22 || b === 0x5c) line += "\\" + String.fromCharCode(b);
		else if (b >= 0x20 && b < 0x7f && b !== 0x3f) line += String.fromCharCode(b);
		else line += "\\" + b.toString(8).padStart(3, "0");
		if (line.length > 110) {
			lines.push(line);
			line = "";
		}
	}
	lines.push(line);
	return lines.map((l) => `\t"${l}"`).join("\n");
};

const files = gather();
const preload = [...needed(files, "/app/main.js")].filter((p) => p !== "/app/main.js");
const page = own("index.html").text.replace(
	/\s*<!-- preload -->/,
	preload.map((p) => `\n\t<link rel="modulepreload" href="${p}">`).join(""),
);
files.push({ path: "/", text: page, type: TYPES[".html"] });
files.sort((a, b) => (a.path < b.path ? -1 : 1));

let weight = 0;
let arrays = "";
let table = "";
files.forEach((file, i) => {
	const bytes = Buffer.from(file.text, "utf8");
	const zipped = gzipSync(bytes, { level: 9 });
	const smaller = zipped.length < bytes.length;
	const etag = createHash("sha256").update(bytes).digest("hex").slice(0, 24);
	weight += smaller ? zipped.length : bytes.length;
	arrays += `static const unsigned char bytes_${i}[] =\n${c_string(bytes)};\n`;
	if (smaller) arrays += `static const unsigned char gzip_${i}[] =\n${c_string(zipped)};\n`;
	table +=
		`\t{"${file.path}", "${file.type ?? TYPES[extname(file.path)]}", bytes_${i}, ${bytes.length}, ` +
		`${smaller ? `gzip_${i}, ${zipped.length}` : "NULL, 0"}, "\\"${etag}\\""},\n`;
});
console.log(`        the page: ${files.length} files, ${(weight / 1024).toFixed(1)} KiB on the wire (at most ${most / 1024})`);
if (weight > most) {
	console.error(`core/web: the page weighs ${weight} bytes on the wire, more than ${most}`);
	process.exit(1);
}
writeFileSync(
	out + ".new",
	`/* Made by core/web/tools/embed.mjs; do not edit. */\n#include "web/web.h"\n\n` +
		`extern const struct web_file web_files[];\nextern const gsize web_n_files;\n\n${arrays}\n` +
		`const struct web_file web_files[] = {\n${table}};\nconst gsize web_n_files = ${files.length};\n` +
		`/* weight: ${weight} */\n`,
);
renameSync(out + ".new", out);
