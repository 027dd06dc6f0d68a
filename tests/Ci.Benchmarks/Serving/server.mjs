// The comparison: the Open Inference Protocol's infer call over Node's own HTTP server and onnxruntime-node, one thread a call.
import { createServer } from 'node:http';
import { createRequire } from 'node:module';

const ort = createRequire(import.meta.url)('onnxruntime-node'); // required, not imported: NODE_PATH says where it lies
const [file, name] = process.argv.slice(2);
const session = await ort.InferenceSession.create(file, { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 4 });

async function infer(body) {
  const request = JSON.parse(body);
  const feeds = {};
  for (const input of request.inputs) feeds[input.name] = new ort.Tensor('float32', Float32Array.from(input.data), input.shape);
  const results = await session.run(feeds);
  const outputs = session.outputNames.map((output) => {
    const { type, dims, data } = results[output];
    const datatype = type === 'float32' ? 'FP32' : type.toUpperCase();
    return { name: output, datatype, shape: dims, data: Array.from(data, Number) };
  });
  return JSON.stringify({ model_name: name, model_version: '1.0.0', outputs });
}

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', async () => {
    try {
      const body = await infer(Buffer.concat(chunks).toString('utf8'));
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }).end(body);
    } catch (error) {
      response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ error: String(error) }));
    }
  });
});
server.listen(0, '127.0.0.1', () => console.log(`listening on http://127.0.0.1:${server.address().port}`));
