export default {
	files: ['test/conformance/**/*.test.ts'],
	extensions: ['ts'],
	// One model server at a time: they share the processor.
	concurrency: 1,
	timeout: '10m',
};
