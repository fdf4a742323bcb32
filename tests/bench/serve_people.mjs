// Makes two users of the hub at $HUB_URL and prints a token of each: an admin's, and that of somebody of the team sales.
import { ask, PASSWORD, post, session } from "../browser/lib/hub.mjs";

const tokens = [];
for (const [name, admin] of [["antero", true], ["sanna", false]]) {
	await post("/users", { name, full_name: name, admin, teams: ["sales"], password: PASSWORD });
	const { cookie, csrf } = await session(name);
	const reply = await ask("POST", "/api/v1/tokens", { to: "tcp", body: { name: "bench", scopes: admin ? ["read", "admin"] : ["read"] },
		headers: { Cookie: `${cookie.name}=${cookie.value}`, "X-CSRF-Token": csrf } });
	if (reply.status >= 300) throw new Error(`token: ${reply.status} ${reply.text}`);
	tokens.push(reply.json.token);
}
console.log(tokens.join(" "));
