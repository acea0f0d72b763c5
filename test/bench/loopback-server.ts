import { createServer } from 'node:http';

/**
 * A chat-completions server that answers at once, or after `latency` milliseconds. Run as a process of its own, so that
 * client and server do not share an event loop: `node loopback-server.ts <latency>` prints its port.
 */
const latency = Number(process.argv[2] ?? 0);
const body = JSON.stringify({
	id: 'x',
	object: 'chat.completion',
	created: 0,
	model: 'loopback',
	choices: [
		{
			index: 0,
			message: { role: 'assistant', content: 'ANSWER: A' },
			finish_reason: 'stop',
		},
	],
	usage: { prompt_tokens: 40, completion_tokens: 1, total_tokens: 41 },
});

let served = 0;
const server = createServer((request, response) => {
	if (request.url === '/served') {
		response.end(String(served));
		return;
	}
	request.resume();
	request.on('end', () => {
		served++;
		const answer = (): void => {
			response.writeHead(200, {
				'content-type': 'application/json',
				'content-length': Buffer.byteLength(body),
			});
			response.end(body);
		};
		if (latency > 0) setTimeout(answer, latency);
		else answer();
	});
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
	const address = server.address();
	process.stdout.write(`${typeof address === 'object' && address ? address.port : 0}\n`);
});
