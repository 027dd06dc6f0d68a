// One row through a model by onnxruntime-node, timed as the C# side times itself: fill, run, read.
const ort = require('onnxruntime-node');

async function main() {
  const session = await ort.InferenceSession.create(process.argv[2], { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 4 });
  const data = new Float32Array(30);
  const feeds = { [session.inputNames[0]]: new ort.Tensor('float32', data, [1, 30]) };
  const calls = 20000;
  const times = new Float64Array(calls);
  for (let i = -2000; i < calls; i++) {
    const start = process.hrtime.bigint();
    data[0] = i;
    const result = await session.run(feeds);
    void result[session.outputNames[0]].data[0];
    if (i >= 0) times[i] = Number(process.hrtime.bigint() - start) / 1000;
  }
  times.sort();
  console.log(JSON.stringify({ calls, p50: times[calls / 2], p99: times[Math.floor(calls * 0.99)] }));
}

main();
