import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import test from 'ava';
import { notebookFolder, startKernel, streamed } from './helpers/kernel.ts';

test('a kernel without network refuses every way to one, and says so; pipes and threads go on', async (t) => {
	let asked = 0;
	const server = createServer((_, response) => {
		asked++;
		response.end('reached');
	});
	await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
	t.teardown(() => void server.close());
	const { port } = server.address() as AddressInfo;
	const folder = notebookFolder();
	t.teardown(folder.remove);
	const { client, end } = await startKernel({
		folder: folder.path,
		env: { ...folder.env, ASSAY_OFFLINE: '1' },
	});
	t.teardown(end);
	const cell = `
import http from 'node:http';
import net from 'node:net';
import dgram from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { request } from 'undici';
import { Worker } from 'node:worker_threads';
const url = 'http://127.0.0.1:${port}/';
const ways: Record<string, () => unknown> = {
	fetch: () => fetch(url),
	'http.get': () => new Promise((done, failed) => http.get(url, done).on('error', failed)),
	'net.connect': () => new Promise((done, failed) => net.connect(${port}, '127.0.0.1', () => done(0)).on('error', failed)),
	'net.connect of options': () => new Promise((done, failed) => net.connect({ port: ${port} }, () => done(0)).on('error', failed)),
	undici: () => request(url),
	lookup: () => lookup('example.org'),
	dgram: () => new Promise((done) => dgram.createSocket('udp4').send('x', ${port}, '127.0.0.1', done)),
	thread: () => new Promise((done, failed) => new Worker(\`fetch('\${url}').then((r) => r.text())\`, { eval: true }).on('error', failed).on('exit', done)),
};
for (const [name, go] of Object.entries(ways)) {
	try {
		await go();
		console.log(name, 'REACHED');
	} catch (error) {
		const said = String(error) + String((error as { cause?: unknown }).cause);
		console.log(name, said.includes('runs without network') ? 'refused' : said);
	}
}
const path = ${JSON.stringify(join(folder.path, 'pipe'))};
const pipe = net.createServer((socket) => socket.end('through the pipe')).listen(path);
await new Promise((done) => pipe.once('listening', done));
const text = await new Promise((done) => net.connect(path).on('data', (chunk) => done(String(chunk))));
pipe.close();
console.log(text);
await new Promise((done) => new Worker('0', { eval: true }).on('exit', done));
`;
	mkdirSync(folder.path, { recursive: true });
	const answer = await client.execute(cell);
	t.is(answer.reply.content.status, 'ok', JSON.stringify(answer.reply.content.traceback ?? ''));
	t.deepEqual(streamed(answer).trim().split('\n'), [
		'fetch refused',
		'http.get refused',
		'net.connect refused',
		'net.connect of options refused',
		'undici refused',
		'lookup refused',
		'dgram refused',
		'thread refused',
		'through the pipe',
	]);
	t.is(asked, 0);
});
