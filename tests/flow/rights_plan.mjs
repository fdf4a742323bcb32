// What is asked in the rights matrix: for each route of the API, questions that would show something withheld if the route did. A
// route without a line here fails the test, so that a new one cannot be forgotten.

// `all`: {records: [{id, code}], customers, canaries: [word], sources: [name], tokens, users: [id]}
const ABSENT = { 1: [], 2: [], 3: [] };
for (let id = 999; id > 900; id--) ABSENT[3].push(id);

const slip = (word) => word.slice(0, -3) + word.at(-2) + word.at(-3) + word.at(-1);
const get = (path, about) => ({ method: "GET", path, about });
const change = (method, path, body, about) => ({ method, path, body, about });
const each = (list, make) => list.flatMap(make);
const q = encodeURIComponent;

export const COMMON = ["yhteinen", "aukion konepaja", "aukionkonepajalle", "mylly", "soitti", '"yhteinen puhelu"', "yht*", "source:sales", "source:gone yhteinen", "kind:ticket",
	"from:aukionkonepaja.example", "customer:1", "after:2026-02-01", "-yhteinen", "yhteinen OR mylly", "team:sales", "johtoryhma", "paikanpitäjä", "qv*"];
const FILTERS = ["source=open", "source=sales", "source=gone", "source=own&source=both", "kind=message", "kind=ticket&kind=comment", "year=2026", "team=sales", "team=support", "sort=newest", "n=1"];

const finds = (all) => [
	...each(COMMON, (text) => [get(`/find?q=${q(text)}`), get(`/find?q=${q(text)}&n=2`)]),
	...each(FILTERS, (filter) => [get(`/find?q=yhteinen&${filter}`), get(`/find?q=&${filter}`)]),
	...each(all.customers, ({ id }) => [get(`/find?q=yhteinen&customer=${id}`), get(`/find?q=customer:${id}`)]),
	...each(all.canaries, (word) => [get(`/find?q=${word}`), get(`/find?q=${slip(word)}`), get(`/find?q=${word}+yhteinen`), get(`/find?q=yhteinen+-${word}`)]),
	...each(all.codes, (code) => [get(`/find?q=${code}*`), get(`/find?q=from:${code}`), get(`/find?q="${code}"`)]),
];

const ids = (list, make) => each([...list, ...ABSENT[3].slice(0, 2).map((id) => ({ id, absent: true }))], (one) => make(one.id, one));

// Decisions about things: each with one thing that may be withheld.
const decisions = (all) => {
	const [mine, other] = all.customers.filter(({ code }) => code === "open");
	const record = all.records.find(({ code }) => code === "qvopen").id;
	const about = (type, id) => ({ type, id });
	const both = (what, about) => [change("POST", "/decisions", { what, why: "koe", preview: true }, about), change("POST", "/decisions", { what, why: "koe" }, about)];
	return [
		...ids(all.withheldCustomers, (id) => [
			...both({ kind: "merge", from: id, into: mine.id }, about("customer", id)), ...both({ kind: "merge", from: mine.id, into: id }, about("customer", id)),
			...both({ kind: "apart", a: mine.id, b: id }, about("customer", id)), ...both({ kind: "link", customer: id, records: [record] }, about("customer", id)),
			...both({ kind: "unlink", customer: id, records: [record] }, about("customer", id)), ...both({ kind: "own", customer: id, key: "domain", value: "koe.example" }, about("customer", id)),
			...both({ kind: "role", person: id, customer: mine.id, role: "koe" }, about("customer", id)), ...both({ kind: "split", customer: id, records: [record] }, about("customer", id)),
			...both({ kind: "split", customer: other.id, rows: [id] }, about("customer", id)),
		]),
		...ids(all.withheldRecords, (id) => [...both({ kind: "link", customer: mine.id, records: [id] }, about("record", id)), ...both({ kind: "unlink", customer: mine.id, records: [id] }, about("record", id)),
			...both({ kind: "split", customer: mine.id, records: [id] }, about("record", id))]),
	];
};

// Routes by method and path, * for an id. `null`: asked elsewhere in the test, or nothing of records or customers is in it and it would
// end the session that asks.
export const recipes = {
	"GET /me": () => [get("/me")],
	"POST /me/password": () => [change("POST", "/me/password", { old: "väärä salasana", new: "toinen salasana" })],
	"POST /login": null,
	"POST /logout": null,
	"GET /welcome": () => [get("/welcome?key=eiole")],
	"POST /welcome": () => [change("POST", "/welcome", { key: "eiole", name: "x", password: "kaksitoista merkkiä" })],
	"GET /events": null,
	"GET /openapi.json": () => [get("/openapi.json")],
	"GET /find": finds,
	"GET /suggest": (all) => [
		...each([...all.canaries, ...all.codes], (word) => [get(`/suggest?q=${word}`), get(`/suggest?q=${word.slice(0, -1)}`), get(`/suggest?q=${slip(word)}`)]),
		...each(["q", "qv", "qvs", "a", "au", "aukion", "yht", "yhteinen q", "my", "mylly qv", "t", "paikan"], (text) => [get(`/suggest?q=${q(text)}`), get(`/suggest?q=${q(text)}&n=50`)])],
	"GET /records/*": (all) => ids(all.records, (id) => [get(`/records/${id}`, { type: "record", id })]),
	"GET /records/*/links": (all) => ids(all.records, (id) => [get(`/records/${id}/links`, { type: "record", id })]),
	"GET /records/*/thread": (all) => ids(all.records, (id) => [get(`/records/${id}/thread`, { type: "record", id }), get(`/records/${id}/thread?n=1`, { type: "record", id })]),
	"GET /customers": (all) => [get("/customers"), get("/customers?n=2"), ...each([...all.canaries, ...all.codes, "aukion", "mylly", "oy", "tyhjän varasto", "2000001-6"], (word) => [get(`/customers?q=${q(word)}`), get(`/customers?q=${q(slip(word))}`)]),
		...each(all.codes, (code) => [get(`/customers?q=info@${code}site.example`), get(`/customers?q=${code}site.example`), get(`/customers?q=${code}id-1`)]),
		...each(["+35895550010", "+35895550011", "+35895550012", "+358405550011", "+358405550012"], (phone) => [get(`/customers?q=${q(phone)}`)])],
	"GET /customers/*": (all) => ids(all.customers, (id) => [get(`/customers/${id}`, { type: "customer", id }), get(`/customers/c${id}`, { type: "customer", id })]),
	"GET /customers/*/timeline": (all) => ids(all.customers, (id) => each(["", "?n=1", "?source=sales", "?source=gone&source=own", "?kind=ticket", "?year=2026", "?q=yhteinen", "?q=qvsaletalk", "?q=qv*"], (rest) => [get(`/customers/${id}/timeline${rest}`, { type: "customer", id })])),
	"GET /suggestions": () => [get("/suggestions"), get("/suggestions?n=1")],
	"GET /unmatched": () => [get("/unmatched"), get("/unmatched?n=1")],
	"GET /decisions": (all) => [get("/decisions"), get("/decisions?n=1"), ...ids(all.customers, (id) => [get(`/decisions?customer=${id}`, { type: "customer", id })])],
	"POST /decisions": decisions,
	"POST /decisions/*/undo": (all) => ids(all.withheldDecisions, (id) => [change("POST", `/decisions/${id}/undo`, { why: "koe", preview: true }, { type: "decision", id }), change("POST", `/decisions/${id}/undo`, { why: "koe" }, { type: "decision", id })]),
	"POST /notes": (all) => ids(all.withheldCustomers, (id) => [change("POST", "/notes", { customer: id, text: "koe" }, { type: "customer", id })]),
	"PATCH /notes/*": (all) => ids(all.withheldRecords, (id) => [change("PATCH", `/notes/${id}`, { title: "koe", text: "koe" }, { type: "record", id })]),
	"DELETE /notes/*": (all) => ids(all.withheldRecords, (id) => [change("DELETE", `/notes/${id}`, undefined, { type: "record", id })]),
	"GET /sources": () => [get("/sources")],
	"GET /sources/*": (all) => each([...all.sources, "eiole"], (name) => [get(`/sources/${name}`)]),
	"GET /sources/*/runs": (all) => each([...all.sources, "eiole"], (name) => [get(`/sources/${name}/runs`)]),
	"GET /sources/*/failures": (all) => each([...all.sources, "eiole"], (name) => [get(`/sources/${name}/failures`)]),
	"POST /sources/*/sync": (all) => each([...all.sources, "eiole"], (name) => [change("POST", `/sources/${name}/sync`, {}, { admins: true })]),
	"POST /sources/*/cancel": (all) => each([...all.sources, "eiole"], (name) => [change("POST", `/sources/${name}/cancel`, {}, { admins: true })]),
	"POST /sources/*/check": (all) => each([...all.sources, "eiole"], (name) => [change("POST", `/sources/${name}/check`, {}, { admins: true })]),
	"POST /sources/*/removals": (all) => each([...all.sources, "eiole"], (name) => [change("POST", `/sources/${name}/removals`, { approve: false }, { admins: true })]),
	"GET /users": () => [get("/users")],
	"POST /users": () => [change("POST", "/users", { name: "uusi" }, { admins: true })],
	"GET /users/*": (all) => ids(all.users, (id) => [get(`/users/${id}`, { type: "user", id })]),
	"PATCH /users/*": (all) => ids(all.users, (id) => [change("PATCH", `/users/${id}`, { teams: ["sales", "support"], admin: true }, { type: "user", id, admins: true })]),
	"DELETE /users/*": (all) => ids(all.users, (id) => [change("DELETE", `/users/${id}`, undefined, { type: "user", id, admins: true })]),
	"POST /users/*/invite": (all) => ids(all.users, (id) => [change("POST", `/users/${id}/invite`, {}, { type: "user", id, admins: true })]),
	"GET /tokens": () => [get("/tokens"), get("/tokens?all=1")],
	"POST /tokens": () => [change("POST", "/tokens", { name: "koe", scopes: ["read"], team: "support-ei-ole" }), change("POST", "/tokens", { name: "koe", scopes: ["kaikki"] })],
	"DELETE /tokens/*": (all) => ids(all.tokens, (id) => [change("DELETE", `/tokens/${id}`, undefined, { type: "token", id })]),
	"GET /audit": (all) => [get("/audit"), get("/audit?user=antero"), get("/audit?action=find"), ...each(all.customers.slice(0, 2), ({ id }) => [get(`/audit?customer=${id}`)])],
	"GET /connectors": () => [get("/connectors")],
	"GET /status": () => [get("/status")],
};
