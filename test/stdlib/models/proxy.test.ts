import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import test from 'ava';
import { HttpClient } from '../../../stdlib/models/http.ts';

async function listening(server: Server): Promise<number> {
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return (server.address() as AddressInfo).port;
}

// The environment is the process's: one test after the other.
test.serial('requests to other hosts go through the proxy that the environment names', async (t) => {
	const origin = createServer((request, response) => {
		request.resume().on('end', () => {
			response.writeHead(200, { 'content-type': 'application/json' }).end(`{"path":"${request.url}"}`);
		});
	});
	const originPort = await listening(origin);
	const tunnels: string[] = [];
	const proxy = createServer();
	proxy.on('connect', (request, client) => {
		tunnels.push(request.url ?? '');
		const server = connect(originPort, '127.0.0.1', () => {
			client.write('HTTP/1.1 200 Connection established\r\n\r\n');
			server.pipe(client).pipe(server);
		});
		for (const end of [client, server]) end.on('error', () => {});
	});
	process.env.HTTP_PROXY = `http://127.0.0.1:${await listening(proxy)}`;
	const client = new HttpClient({
		baseUrl: new URL('http://models.invalid/v1'),
		headers: {},
		connections: 2,
		timeoutSeconds: 30,
		stallSeconds: 30,
		keyHint: '',
		redact: (text) => text,
	});
	t.teardown(async () => {
		delete process.env.HTTP_PROXY;
		await client.close();
		proxy.close();
		origin.close();
	});
	const { signal } = new AbortController();
	const bodies = await Promise.all(
		[1, 2, 3].map((i) => client.post('/chat', `{"i":${i}}`, signal, ({ body }) => body)),
	);
	t.deepEqual(bodies, Array(3).fill('{"path":"/v1/chat"}'));
	t.deepEqual(new Set(tunnels), new Set(['models.invalid:80']));
});
