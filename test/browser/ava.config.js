export default {
	files: ['test/browser/**/*.test.ts'],
	extensions: ['ts'],
	timeout: '5m',
	// One browser at a time.
	concurrency: 1,
};
