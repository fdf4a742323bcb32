// The sources of bench-serve: node serve_sources.mjs DATA FOLDER RECORDS. A CRM of companies with made-up names, and mail from their
// people, made of paragraphs of the packs with a fixed seed, so that words are as frequent as in life: FOLDER/crm and
// FOLDER/mail.mbox, RECORDS together; and FOLDER/incoming.mbox, as many again, to be read while others ask.
import { appendFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { random } from "./serve_random.mjs";

const [data, folder, records] = [process.argv[2], process.argv[3], Number(process.argv[4])];
const { below, one } = random(4711);

function paragraphs() {
	const all = [];
	const add = (text) => text.length >= 40 && text.length <= 1500 && !text.includes("\u0000") && all.push(text.replace(/^From /gm, ">From "));
	for (const line of readFileSync(join(data, "relevance/squad2-fi/passages.tsv"), "utf8").split("\n")) add(line.slice(line.lastIndexOf("\t") + 1));
	for (const text of readFileSync(join(data, "mail-list/linux-mips.mbox"), "latin1").split("\n\n")) if (/^[\x20-\x7e\n\t]*$/.test(text)) add(text);
	for (const file of readdirSync(join(data, "tickets-jira/TIMOB"))) {
		if (!file.endsWith(".json")) continue;
		const issue = JSON.parse(readFileSync(join(data, "tickets-jira/TIMOB", file), "utf8"));
		for (const text of (issue.fields?.description ?? "").split(/\r?\n\r?\n/)) add(text);
	}
	return all;
}

// Names as companies have them; none is anybody's that we know of.
const FIRST = ["Kor", "Val", "Hir", "Loh", "Tam", "Suo", "Kar", "Met", "Jär", "Pel", "Ran", "Sal", "Vuo", "Kei", "Lam", "Hau", "Ruo", "Nie"];
const SECOND = ["velan", "miston", "sniemen", "perän", "valkaman", "tolan", "lahden", "mäen", "harjun", "kosken", "rinteen", "salmen"];
const TRADE = ["Konepaja", "Leipomo", "Kuljetus", "Huolto", "Sähkö", "Meijeri", "Saha", "Puutarha", "Telakka", "Painotalo", "Rakennus", "Optiikka"];
const PEOPLE = ["Aino", "Eero", "Helmi", "Ilmari", "Kerttu", "Onni", "Saima", "Toivo", "Venla", "Urho"];

const companies = [];
for (const first of FIRST) for (const second of SECOND) for (const trade of TRADE) companies.push(`${first}${second} ${trade} Oy`);
companies.length = Math.min(companies.length, Math.round(records / 50));
const domain = (n) => `yhtio${n}.example`;
mkdirSync(join(folder, "crm"), { recursive: true });
writeFileSync(join(folder, "crm/accounts.csv"), "ID,Name,Website,Email Address,Date Created\n" +
	companies.map((name, n) => `Y-${n},"${name}",www.${domain(n)},info@${domain(n)},2016-01-0${1 + (n % 9)} 09:00\n`).join(""));

const texts = paragraphs();
function mails(file, count, name) {
	writeFileSync(file, "");
	let company = 0; // three mails in a row are one exchange
	for (let n = 0; n < count; ) {
		let part = "";
		for (const end = Math.min(count, n + 2000); n < end; n++) {
			if (n % 3 === 0) company = below(companies.length);
			const person = one(PEOPLE);
			const when = new Date((1450000000 + Math.floor((n * 315360000) / count)) * 1000).toUTCString();
			const about = one(texts).replace(/\s+/g, " ").slice(0, 60);
			part += `From x ${when}\nFrom: ${person} ${one(SECOND)} <${person.toLowerCase()}@${domain(company)}>\nTo: myynti@oma.example\nDate: ${when.replace("GMT", "+0000")}\n` +
				`Message-ID: <${name}.${n}@${domain(company)}>\n${n % 3 ? `In-Reply-To: <${name}.${n - (n % 3)}@${domain(company)}>\n` : ""}Subject: =?UTF-8?B?${Buffer.from(about).toString("base64")}?=\n` +
				`Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n${one(texts)}\n\n${n % 5 ? "" : `${one(companies)} kysyi tästä.\n\n`}${one(texts)}\n\n`;
		}
		appendFileSync(file, part);
	}
}
mails(join(folder, "mail.mbox"), records - companies.length, "m");
mails(join(folder, "incoming.mbox"), records, "i");
