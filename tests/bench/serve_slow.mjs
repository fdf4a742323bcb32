// Bad guests: node serve_slow.mjs URL N TOKEN. N connections that send half a request, a byte a second, and N that ask for much and
// read a byte a second. Says "ready" when all stand; stays until its input ends, then says how many the hub had thrown out.
import net from "node:net";

const [url, n, token] = [new URL(process.argv[2]), Number(process.argv[3]), process.argv[4]];
let open = 0, thrown = 0;
const sockets = [];
function guest(begin) {
	const socket = net.connect({ host: url.hostname, port: Number(url.port) });
	sockets.push(socket);
	socket.on("connect", () => {
		open++;
		begin(socket);
	});
	socket.on("error", () => {});
	socket.on("close", () => thrown++);
}
for (let i = 0; i < n; i++) {
	guest((socket) => {
		socket.write("GET /api/v1/find?q=on HTTP/1.1\r\nHost: x\r\nX-Slow: ");
		socket.timer = setInterval(() => socket.writable && socket.write("a"), 1000);
	});
	guest((socket) => {
		socket.pause();
		const ask = `GET /api/v1/find?q=on&n=100 HTTP/1.1\r\nHost: ${url.host}\r\nAuthorization: Bearer ${token}\r\n\r\n`;
		socket.write(ask.repeat(200)); // more than any buffer on the way holds
		socket.timer = setInterval(() => socket.read(1), 1000);
	});
}
const end = Date.now() + 10000;
while (open < 2 * n && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 50));
console.log(`ready ${open}`);
process.stdin.resume();
process.stdin.on("end", () => {
	console.log(`thrown ${thrown}`);
	for (const socket of sockets) {
		clearInterval(socket.timer);
		socket.destroy();
	}
});
