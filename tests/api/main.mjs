// main: the tests of the API against the hub at API_SOCKET and 127.0.0.1:API_PORT, which has read the demo. Prints a line a part.
import { ask } from "./client.mjs";
import { document } from "./document.mjs";
import { odd } from "./odd.mjs";
import { paging } from "./paging.mjs";
import { fenced, routes } from "./routes.mjs";

const admin = { socket: process.env.API_SOCKET };
const port = Number(process.env.API_PORT);
const part = async (name, work) => console.log(`ok ${name}: ${await work}`);

// A user who is none of the admins, by token.
async function plain() {
	const user = await ask(admin, "POST", "/api/v1/users", { body: { name: "outo", teams: ["myynti"] }, expect: 201 });
	const token = await ask(admin, "POST", "/api/v1/tokens", { body: { name: "outo", scopes: ["read", "write"], user: user.id }, expect: 201 });
	return { port, headers: { authorization: `Bearer ${token.token}` } };
}

await part("the document is right and has every route", document(admin));
await part("every route answers as it is described", routes(admin, port));
const user = await plain();
await part("a user who is no admin", fenced(user));
await part("pages join without a seam", paging(admin));
await part("pages join for a user, too", paging(user, true));
await part("nothing that is sent is answered with 500", odd(admin, [user, { port }], Number(process.env.API_TIMES ?? 25)));
process.exit(0);
