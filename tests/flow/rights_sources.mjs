// The six sources of the rights matrix: node rights_sources.mjs FOLDER WHAT...; WHAT is "all", or the canaries (see below) that
// are to be in them: what is not named is left out, as if it had never been, but for one record a source without a canary.
//
// A canary is a word that no other text has. It begins with the code of those who may read it, so that any piece of a reply
// can be judged; what follows says where it stood.
//
//   qvopen  source open (crm_csv), no readers: everybody
//   qvsale  source sales (crm_csv), readers sales
//   qvsupp  source support (notes), readers support
//   qvboth  source both (mail), readers sales, support
//   source own (tickets_jira), no readers; its tickets have readers of their own:
//     qvownf none: everybody   qvownt a team: support   qvownu a user: sanna   qvowna an address: jari's   qvownx nobody we know
//   qvgone  source gone (crm_csv), which is no longer in the settings: admins
import { mkdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const [folder, ...what] = process.argv.slice(2);
const has = (code) => what.includes("all") || what.includes(code);
const cell = (text) => `"${text.replace(/"/g, '""')}"`;
const write = (name, text) => {
	const path = join(folder, name);
	mkdirSync(dirname(path), { recursive: true });
	writeFileSync(path, text);
	utimesSync(path, 1770000000, 1770000000); // some connectors tell when a file was changed
};
for (const source of ["open", "sales", "support", "both", "own", "gone"]) rmSync(join(folder, source), { recursive: true, force: true });

// A CRM: `code`'s own customer, and what it says of the customer that everybody knows.
function crm(source, code, shown) {
	const n = ["open", "sales", "gone"].indexOf(source);
	const name = ["Aatos", "Brynhild", "Cyprian"][n], last = `${code}${["aho", "bergstrom", "cristoforidis"][n]}`; // so that nobody is taken for another
	const table = (name, head, rows) => write(`${source}/${name}.csv`, [head, ...rows.map((row) => row.map(cell).join(","))].join("\n") + "\n");
	const mine = (row) => (shown ? [row] : []);
	table("accounts", "ID,Name,Website,Email Address,Office Phone,Billing City,Business ID,Description,Date Created", [
		[`${code.slice(2)}-0`, "Tyhjän Varasto Oy", "", "", "", "", "", "paikanpitäjä", "2026-01-01 09:00"],
		...mine([`${code}id-1`, `${code}name Mylly Oy`, `www.${code}site.example`, `info@${code}site.example`, `+358 9 555 001${n}`, `${code}city`, "", `${code}text yhteinen`, "2026-01-02 09:00"]),
		...(source === "open" ? mine(["O-1", "Aukion Konepaja Oy", "www.aukionkonepaja.example", "info@aukionkonepaja.example", "+358 9 555 0002", "Aukio", "2000001-6", "yhteinen asiakas", "2026-01-03 09:00"]) : []),
		// the same company, by its business id, under a name that only this source has
		...(source === "sales" ? mine(["qvsaleid-2", "Aukion qvsalealias Oy", "", "", "", "", "2000001-6", "qvsaleabout yhteinen", "2026-01-03 09:00"]) : []),
		...(source === "open" ? mine(["O-2", "Avoveden Kalastus Oy", "www.avovedenkalastus.example", "info@avovedenkalastus.example", "", "Aukio", "", "yhteinen asiakas", "2026-01-03 09:00"]) : []),
	]);
	table("contacts", "ID,First Name,Last Name,Job Title,Account ID,Account Name,Email Address,Mobile,Description,Date Created", [
		...mine([`${code}con-1`, `${code}first`, `${code}last`, `${code}role`, `${code}id-1`, `${code}name Mylly Oy`, `${code}mail@${code}site.example`, `+358 40 555 001${n}`, `${code}desc`, "2026-01-04 09:00"]),
		...mine([`${code}con-2`, name, last, `${code}title`, source === "open" ? "O-1" : "", "Aukion Konepaja Oy", `${last}@aukionkonepaja.example`, "", "yhteinen", "2026-01-04 10:00"]),
	]);
	table("calls", "ID,Subject,Start Date and Time,Status,Related Type,Parent ID,Related to,Contact Name,Description,Date Created", [
		...mine([`${code}call-1`, `${code}subj yhteinen puhelu`, "2026-02-01 10:00", `${code}stat`, "Accounts", `${code}id-1`, `${code}name Mylly Oy`, `${code}first ${code}last`, `${code}body soitti`, "2026-02-01 10:00"]),
		...mine([`${code}call-2`, `yhteinen ${code}talk`, "2026-02-02 10:00", "Held", "Accounts", source === "open" ? "O-1" : "", "Aukion Konepaja Oy", "", `Aukion Konepaja Oy ${code}talks info@aukionkonepaja.example`, "2026-02-02 10:00"]),
	]);
}
crm("open", "qvopen", has("qvopen"));
crm("sales", "qvsale", has("qvsale"));
crm("gone", "qvgone", has("qvgone"));

write("support/paikka.md", "---\ntitle: paikanpitäjä\n---\n\nEi mitään.\n");
if (has("qvsupp")) {
	write("support/qvsuppfile.md", `---\ntitle: qvsupptitl yhteinen\nasiakas: Aukion Konepaja Oy\ntags: [qvsupptag]\nwebsite: https://www.aukionkonepaja.example/qvsuppsite\n---\n# qvsupphead\n\nAukion Konepaja Oy, qvsuppbody yhteinen. Läsnä: Qvsuppson Henkilö <qvsupper@qvsuppfirm.example>\n`);
	write("support/qvsuppothe.md", "---\ntitle: qvsuppothe yhteinen\n---\n\nAvoveden Kalastus Oy: qvsuppwords\n");
}

const mail = (n, from, subject, body, more = "") =>
	write(`both/cur/17700${n}0000.q${n}.posti:2,S`, `From: ${from}\r\nTo: myynti@oma.example\r\nDate: Mon, 0${n} Feb 2026 10:00:00 +0000\r\nMessage-ID: <q${n}@posti.example>\r\n${more}Subject: ${subject}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${body}\r\n`);
for (const part of ["cur", "new", "tmp"]) mkdirSync(join(folder, "both", part), { recursive: true });
mail(1, "Paikka <paikka@tyhja.example>", "paikanpitaja", "Ei mitään.");
if (has("qvboth")) {
	mail(2, "qvbothson qvbothnen <qvbothad@aukionkonepaja.example>", "qvbothsubj yhteinen", "qvbothbody yhteinen, Aukion Konepaja Oy");
	mail(3, "qvbothter <qvbothter@qvbothfirm.example>", "qvbothlone yhteinen", "qvbothtext");
	mail(4, "qvbothson qvbothnen <qvbothad@aukionkonepaja.example>", "Re: qvbothsubj yhteinen", "qvbothre", "In-Reply-To: <q2@posti.example>\r\n");
}

const person = (code) => ({ name: `${code}user`, displayName: `${code}disp ${code}nen`, emailAddress: `${code}mail@aukionkonepaja.example` });
const comment = (id, code, only) => ({ id: String(id), author: person(code), body: `${code}comm yhteinen`, created: "2026-03-02T09:00:00.000+0200", ...(only ? { visibility: { type: "role", value: only } } : {}) });
function ticket(n, code, only, comments = []) {
	write(`own/OMA-${n}.json`, JSON.stringify({ id: String(5000 + n), key: code ? `${code.toUpperCase()}-${n}` : `OMA-${n}`, self: `https://tiketit.example/rest/api/2/issue/${5000 + n}`,
		fields: { summary: code ? `${code}summ yhteinen` : "paikanpitäjä", description: code ? `${code}desc yhteinen, Aukion Konepaja Oy` : "", issuetype: { name: code ? `${code}type` : "Vika" }, status: { name: "Avoin", statusCategory: { key: "new" } },
			labels: code ? [`${code}label`] : [], created: "2026-03-01T10:00:00.000+0200", updated: "2026-03-01T10:00:00.000+0200", ...(code ? { reporter: person(code) } : {}), ...(only ? { security: { name: only } } : {}),
			comment: { comments, total: comments.length } } }));
}
ticket(1, null, "Eikukaan");
ticket(2, "qvownf", null, [comment(61, "qvownf"), ...(has("qvownt") ? [comment(62, "qvownt", "support")] : []), ...(has("qvownu") ? [comment(63, "qvownu", "sanna")] : []),
	...(has("qvownx") ? [comment(64, "qvownx", "Johtoryhma")] : [])]);
if (has("qvownt")) ticket(3, "qvownt", "Support", [comment(71, "qvownt")]);
if (has("qvownu")) ticket(4, "qvownu", "sanna");
if (has("qvowna")) ticket(5, "qvowna", "Jari.Niittymaki@lahdevirta.example");
if (has("qvownx")) ticket(6, "qvownx", "Johtoryhma", [comment(72, "qvownx")]);
