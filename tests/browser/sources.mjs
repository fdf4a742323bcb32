// Sources and runs, live; and what an answer says when one of them cannot be relied on.
import { appendFileSync, mkdirSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { assert, scene } from "./lib/scene.mjs";
import { ask, folder, get, post, until } from "./lib/hub.mjs";
import { settled } from "./lib/views.mjs";

const MANY = 40000; // mails: fewer are read before one can see that they are being read
const row = (page, name) => page.getByRole("main").getByRole("listitem").filter({ has: page.getByRole("link", { name, exact: true }) });
const records = async (page, name) => Number((await row(page, name).getByRole("definition").first().innerText()).replace(/\D/g, ""));

scene("a run begun elsewhere is seen while it goes on, without a reload", { as: "antero" }, async ({ page, go }) => {
	let mails = "";
	for (let n = 0; n < MANY; n++) mails += `From a Mon Mar  3 10:00:00 2025\nFrom: Live Koe <live${n % 7}@livekoe.example>\nMessage-ID: <live${n}@livekoe.example>\nSubject: Livekoe ${n}\nDate: Mon, 03 Mar 2025 10:00:00 +0200\n\nRivi ${n} livekokeesta.\n\n`;
	await go("/sources");
	await page.getByText("Updates by itself").waitFor();
	const before = await records(page, "mail");
	writeFileSync(join(folder, "mail/live.mbox"), mails);
	await post("/sources/mail/sync");
	await row(page, "mail").getByText("being read").waitFor();
	await row(page, "mail").getByRole("progressbar").waitFor({ timeout: 20000 }).catch(() => {});
	await row(page, "mail").getByText("up to date").waitFor({ timeout: 60000 });
	await until("the count", 10, async () => (await records(page, "mail")) === before + MANY);
});

scene("a button begins a run, another cancels it", { as: "antero" }, async ({ page, go }) => {
	await go("/sources");
	await page.getByText("Updates by itself").waitFor();
	await row(page, "crm").getByRole("button", { name: "Read now" }).click();
	await page.getByRole("status").filter({ hasText: "Reading begins: crm" }).waitFor();
	await row(page, "crm").getByText("up to date").waitFor({ timeout: 30000 });
	await row(page, "crm").getByRole("link", { name: "crm", exact: true }).click();
	await page.getByRole("table").getByRole("row").nth(1).waitFor();
	assert.ok((await page.getByRole("table").getByRole("row").count()) >= 3, "both runs are told");
});

scene("many removals wait for an admin's word: kept, then removed", { as: "antero" }, async ({ page, go }) => {
	renameSync(join(folder, "mail/live.mbox"), join(folder, "live.away"));
	await go("/sources");
	await page.getByText("Updates by itself").waitFor();
	const before = await records(page, "mail");
	await post("/sources/mail/sync");
	const held = page.getByRole("group", { name: "Removals wait" });
	await held.waitFor({ timeout: 40000 });
	assert.match(await held.innerText(), /40[,.\s]?000 records wait/);
	assert.equal(await records(page, "mail"), before, "nothing is gone yet");
	await held.getByRole("button", { name: /^Remove/ }).click();
	await page.getByRole("status").filter({ hasText: /40[,.\s]?000 records were removed/ }).waitFor({ timeout: 30000 });
	await until("the count", 10, async () => (await records(page, "mail")) === before - MANY);
});

scene("a source that fails is said in every answer, with why, and what to do about it", { as: "sanna" }, async ({ page, go }) => {
	renameSync(join(folder, "notes"), join(folder, "notes.away"));
	try {
		await post("/sources/notes/sync");
		await until("the run to fail", 20, async () => (await get("/sources")).sources.find(({ name }) => name === "notes").state === "failed");
		for (const path of ["/find?q=huolto", `/customer/${(await get("/customers?q=valo+oy")).customers[0].id}`]) {
			await go(path);
			await settled(page);
			const silent = page.getByText(/The answer may be incomplete: .*notes/);
			await silent.waitFor();
			await silent.click();
			assert.match(await page.getByRole("main").innerText(), /notes[\s\S]*failed/);
		}
		await go("/sources");
		await row(page, "notes").getByText("failed").waitFor();
	} finally {
		renameSync(join(folder, "notes.away"), join(folder, "notes"));
		await post("/sources/notes/sync");
		await until("notes to be well", 20, async () => (await get("/sources")).sources.find(({ name }) => name === "notes").state === "fresh");
	}
});

scene("what could not be read is listed by its source", { as: "antero" }, async ({ page, go }) => {
	writeFileSync(join(folder, "tickets/rikki.json"), '{"id": "1", "fields": ');
	await post("/sources/tickets/sync");
	await until("the run", 20, async () => (await get("/sources/tickets")).failures > 0 || (await get("/sources")).sources.find(({ name }) => name === "tickets").failures > 0);
	await go("/sources");
	await row(page, "tickets").getByRole("link", { name: "1", exact: true }).click();
	await page.waitForURL(/tab=failures/);
	await page.getByRole("main").getByRole("listitem").filter({ hasText: "rikki.json" }).waitFor();
});

scene("a withheld source is said to be, and shows nothing", { as: "emma" }, async ({ page, go }) => {
	await go("/find?q=salaisuus");
	await settled(page);
	const silent = page.getByText(/The answer may be incomplete: .*salassa/);
	await silent.waitFor();
	await silent.click();
	await page.getByText("You may not read this source.").waitFor();
	assert.equal(await page.getByRole("main").getByRole("article").count(), 0);
	assert.ok((await ask("GET", "/api/v1/find?q=salaisuus")).json.total > 0, "there is something to be withheld");
	await go("/sources");
	await row(page, "salassa").getByText("withheld").waitFor();
});
