// Coming in and going out; users, audit and tokens; what those see who may not.
import { assert, scene } from "./lib/scene.mjs";
import { ask, get, PASSWORD, people, post, until, url } from "./lib/hub.mjs";
import { settled } from "./lib/views.mjs";

scene("log-in: a wrong password is said, the right one leads to where one was going, log-out ends it", { as: null, language: "en-GB", allow: [/\/api\/v1\/(me|login|customers)/] }, async ({ page, go, context }) => {
	await go("/find?q=huolto");
	await page.getByRole("heading", { name: "Log in" }).waitFor();
	await page.getByRole("textbox", { name: "User name" }).fill("sanna");
	await page.getByRole("textbox", { name: "Password" }).fill("aivan väärä sana");
	await page.keyboard.press("Enter");
	await page.getByRole("alert").filter({ hasText: "The user name or the password is wrong." }).waitFor();
	await page.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
	await page.keyboard.press("Enter");
	await page.getByRole("link", { name: people.sanna.full_name }).waitFor();
	assert.match(page.url(), /find\?q=huolto$/);
	const [cookie] = await context.cookies();
	assert.deepEqual([cookie.httpOnly, cookie.sameSite], [true, "Strict"]);
	await page.getByRole("link", { name: people.sanna.full_name }).click();
	await page.getByRole("button", { name: "Log out" }).click();
	await page.getByRole("heading", { name: "Log in" }).waitFor();
	assert.equal((await context.cookies()).filter(({ value }) => value).length, 0);
	await page.goBack();
	await page.waitForTimeout(400);
	assert.equal(await page.getByRole("article").count(), 0, "going back shows nothing of what was there");
});

scene("a session that ends while the page is open is said, and nothing that was seen is lost", { as: null, allow: [/\/api\/v1\//] }, async ({ page, go, context }) => {
	const reply = await ask("POST", "/api/v1/login", { to: "tcp", body: { name: "jari", password: PASSWORD }, headers: { Origin: url } });
	const [pair] = reply.headers["set-cookie"][0].split(";");
	await context.addCookies([{ name: pair.split("=")[0], value: pair.slice(pair.indexOf("=") + 1), url, httpOnly: true, sameSite: "Strict" }]);
	await go("/find?q=huolto");
	await settled(page);
	const headers = { Cookie: pair, "X-CSRF-Token": reply.json.csrf };
	assert.equal((await ask("POST", "/api/v1/logout", { to: "tcp", body: {}, headers })).status, 200);
	await page.getByRole("link", { name: "Newest first" }).click();
	await page.getByRole("alert").filter({ hasText: "Log in again, and go on where you were" }).waitFor();
	await page.getByRole("alert").getByRole("link", { name: "Log in" }).first().click();
	await page.getByRole("textbox", { name: "User name" }).fill("jari");
	await page.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
	await page.keyboard.press("Enter");
	await page.waitForURL(/find\?q=huolto.*sort=newest/);
});

scene("an admin invites somebody, who chooses a password by the link, which works once", { as: "antero", allow: [/welcome/] }, async ({ page, go, context }) => {
	await go("/users");
	await page.getByRole("button", { name: "Invite a user" }).click();
	const dialog = page.getByRole("dialog");
	await dialog.getByRole("textbox", { name: "User name" }).fill("tuula");
	await dialog.getByRole("textbox", { name: "Full name" }).fill("Tuula Ahokas");
	await dialog.getByRole("textbox", { name: "Teams" }).fill("support");
	await dialog.getByRole("button", { name: "Make an invitation" }).click();
	const link = await page.getByRole("dialog").getByRole("textbox", { name: "Invitation link" }).inputValue();
	assert.match(link, /\/welcome\?key=/);
	await context.clearCookies();
	await go(new URL(link).pathname + new URL(link).search);
	await page.getByRole("textbox", { name: "Password", exact: true }).fill("lyhyt");
	await page.getByRole("textbox", { name: "The password again" }).fill("lyhyt");
	await page.getByRole("button", { name: "Begin" }).click();
	await page.getByRole("alert").filter({ hasText: "at least 10" }).waitFor();
	await page.getByRole("textbox", { name: "Password", exact: true }).fill(PASSWORD);
	await page.getByRole("textbox", { name: "The password again" }).fill(PASSWORD);
	await page.getByRole("button", { name: "Begin" }).click();
	await page.getByRole("link", { name: "Tuula Ahokas" }).waitFor();
	await go(new URL(link).pathname + new URL(link).search);
	await page.getByText("The link no longer works").waitFor();
	const made = (await get("/users")).users.find(({ name }) => name === "tuula");
	await ask("DELETE", `/api/v1/users/${made.id}`);
});

scene("an admin changes a user's teams and removes one", { as: "antero" }, async ({ page, go }) => {
	await post("/users", { name: "poistuva", full_name: "Poistuva Käyttäjä", teams: [], password: PASSWORD });
	await go("/users");
	const row = page.getByRole("main").getByRole("listitem").filter({ hasText: "Poistuva Käyttäjä" });
	await row.getByRole("button", { name: "Change" }).click();
	await page.getByRole("dialog").getByRole("textbox", { name: "Teams" }).fill("sales, support");
	await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
	await row.getByText("sales, support").waitFor();
	await row.getByRole("button", { name: "Remove" }).click();
	await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
	await row.waitFor({ state: "hidden" });
});

scene("the audit log tells who looked up what, and is narrowed", { as: "antero" }, async ({ page, go }) => {
	await ask("GET", "/api/v1/find?q=tarkastussana");
	await until("the log to have it", 10, async () => (await get("/audit?action=find")).entries.some(({ what }) => what?.includes("tarkastussana")));
	await go("/audit");
	await settled(page);
	await page.getByRole("row").filter({ hasText: "tarkastussana" }).first().waitFor();
	await page.getByRole("combobox", { name: "What was done" }).selectOption({ label: "log-in" });
	await page.getByRole("button", { name: "Show", exact: true }).click();
	await page.waitForURL(/action=login/);
	await settled(page);
	await page.waitForTimeout(300);
	const cells = await page.getByRole("table").getByRole("row").allInnerTexts();
	assert.ok(cells.length > 1);
	for (const row of cells.slice(1)) assert.match(row, /log-in/);
});

for (const path of ["/users", "/audit"])
	scene(`${path} is for admins: others are told so, and asked for nothing`, { as: "sanna", allow: [/\/(users|audit)/] }, async ({ page, go }) => {
		await go(path);
		await page.getByRole("alert").filter({ hasText: "This is for admins only." }).waitFor();
		assert.equal(await page.getByRole("navigation").getByRole("link", { name: /Users|Audit/ }).count(), 0);
	});

scene("staff see the sources' state, and no buttons", { as: "sanna" }, async ({ page, go }) => {
	await go("/sources");
	await settled(page);
	await page.getByRole("link", { name: "tickets" }).waitFor();
	assert.equal(await page.getByRole("button", { name: /Read|Cancel|Try/ }).count(), 0);
});

scene("a token is made, shown once, works, and is removed", { as: "sanna" }, async ({ page, go }) => {
	await go("/account");
	await page.getByRole("button", { name: "New token" }).click();
	const dialog = page.getByRole("dialog");
	await dialog.getByRole("textbox", { name: "What the token is for" }).fill("kuukausiraportti");
	await dialog.getByRole("button", { name: "Make the token" }).click();
	const token = await page.getByRole("dialog").getByRole("textbox", { name: "Token", exact: true }).inputValue();
	assert.match(token, /^meri_/);
	const me = await ask("GET", "/api/v1/me", { to: "tcp", headers: { Authorization: `Bearer ${token}` } });
	assert.deepEqual([me.status, me.json?.user?.name, me.json?.via], [200, "sanna", "token"]);
	await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
	assert.ok(!(await page.getByRole("main").innerText()).includes(token));
	await page.getByRole("main").getByRole("listitem").filter({ hasText: "kuukausiraportti" }).getByRole("button", { name: "Remove" }).click();
	await page.getByRole("status").filter({ hasText: "The token was removed" }).waitFor();
	assert.equal((await ask("GET", "/api/v1/me", { to: "tcp", headers: { Authorization: `Bearer ${token}` } })).status, 401);
});

scene("a wrong old password does not change it", { as: "emma", allow: [/me\/password/] }, async ({ page, go }) => {
	await go("/account");
	await page.getByRole("textbox", { name: "Current password" }).fill("ei tämä");
	await page.getByRole("textbox", { name: "New password" }).fill("toinen hyvä sana");
	await page.getByRole("textbox", { name: "The password again" }).fill("toinen hyvä sana");
	await page.getByRole("button", { name: "Change the password" }).click();
	await page.getByText("The current password is not right.").waitFor();
	assert.equal((await ask("POST", "/api/v1/login", { to: "tcp", body: { name: "emma", password: PASSWORD }, headers: { Origin: url } })).status, 200);
});
