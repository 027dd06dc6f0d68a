// Cuts GitHub's own OpenAPI description down to the operations that the simulator has, so that a validating proxy starts in seconds.
//   node description.mjs trim  OUT.json   writes the small description
//   node description.mjs shapes OUT.json  writes what GitHub's schemas require of each answer, with the plainest values
// GitHub's rules are not touched, but for three ways of writing them: a parameter that may hold slashes (x-multi-segment) becomes as many
// parameters as our refs have parts, refusals may follow any request, and GraphQL, which that description leaves out, is let through (another test validates it).
import fs from 'node:fs';
import path from 'node:path';

const [, , mode, out] = process.argv;
const modules = process.env.NODE_PATH.split(path.delimiter)[0];
const whole = JSON.parse(fs.readFileSync(path.join(modules, '@octokit/openapi/generated/api.github.com.json')));
const R = '/repos/{owner}/{repo}';
const wanted = {
  '/user': ['get'], [R]: ['get'], [`${R}/dispatches`]: ['post'],
  [`${R}/actions/runs/{run_id}/rerun`]: ['post'], [`${R}/actions/runs/{run_id}/rerun-failed-jobs`]: ['post'],
  [`${R}/issues/{issue_number}/comments`]: ['get', 'post'], [`${R}/issues/comments/{comment_id}`]: ['get', 'patch', 'delete'],
  [`${R}/commits/{commit_sha}/comments`]: ['get', 'post'], [`${R}/comments/{comment_id}`]: ['patch', 'delete'],
  [`${R}/pulls`]: ['get', 'post'], [`${R}/pulls/{pull_number}`]: ['get', 'patch'], [`${R}/pulls/{pull_number}/merge`]: ['put'],
  [`${R}/pulls/{pull_number}/reviews`]: ['get'], [`${R}/commits/{commit_sha}/pulls`]: ['get'],
  [`${R}/check-runs`]: ['post'], [`${R}/check-runs/{check_run_id}`]: ['get', 'patch'], [`${R}/commits/{ref}/check-runs`]: ['get'],
  [`${R}/statuses/{sha}`]: ['post'], [`${R}/commits/{ref}/status`]: ['get'],
  [`${R}/git/ref/{ref}`]: ['get'], [`${R}/git/refs`]: ['post'], [`${R}/git/refs/{ref}`]: ['patch', 'delete'],
  [`${R}/git/blobs`]: ['post'], [`${R}/git/trees`]: ['post'], [`${R}/git/trees/{tree_sha}`]: ['get'],
  [`${R}/git/commits`]: ['post'], [`${R}/git/commits/{commit_sha}`]: ['get'],
};

const at = ref => ref.slice(2).split('/').reduce((node, part) => node[part.replaceAll('~1', '/').replaceAll('~0', '~')], whole);

const refusal = { description: 'refused', content: { 'application/json': { schema: { $ref: '#/components/schemas/basic-error' } } } };

function trim() {
  const small = { openapi: whole.openapi, info: { title: whole.info.title, version: whole.info.version }, paths: {}, components: {} };
  for (const [name, methods] of Object.entries(wanted)) {
    const item = whole.paths[name];
    if (!item) throw new Error(`GitHub describes no ${name}`);
    for (const parts of name.includes('/git/ref') && name.endsWith('{ref}') ? [3, 4] : [0]) {
      const key = parts ? name.replace('{ref}', Array.from({ length: parts }, (_, i) => `{ref${i}}`).join('/')) : name;
      small.paths[key] = {};
      for (const method of methods) {
        const operation = structuredClone(item[method]);
        if (!operation) throw new Error(`GitHub describes no ${method} ${name}`);
        // Rights are looked at before the operation, whose own list of answers may leave the refusal out.
        for (const status of ['401', '403', '404', '422']) operation.responses[status] ??= refusal;
        if (parts) {
          operation.operationId += parts;
          operation.parameters = operation.parameters.filter(p => (p.$ref ? at(p.$ref) : p).name !== 'ref').concat(
            Array.from({ length: parts }, (_, i) => ({ name: `ref${i}`, in: 'path', required: true, schema: { type: 'string' } })));
        }
        small.paths[key][method] = operation;
      }
    }
  }
  small.paths['/graphql'] = { post: { operationId: 'graphql', requestBody: { content: { 'application/json': { schema: { type: 'object' } } } }, responses: { 200: { description: 'passed through' } } } };
  const keep = node => {
    if (!node || typeof node !== 'object') return;
    if (typeof node.$ref === 'string') {
      const parts = node.$ref.slice(2).split('/');
      const folder = (small.components[parts[1]] ??= {});
      if (!(parts[2] in folder)) { folder[parts[2]] = at(node.$ref); keep(folder[parts[2]]); }
    }
    delete node.examples;
    Object.values(node).forEach(keep);
  };
  keep(small.paths);
  return small;
}

// The plainest value that a schema allows: null where it may be null, else what is required and no more.
function plainest(schema, depth = 0) {
  if (schema.$ref) return plainest(at(schema.$ref), depth);
  if (schema.nullable || depth > 12) return null;
  if (schema.enum) return schema.enum[0];
  if (schema.allOf) return Object.assign({}, ...schema.allOf.map(s => plainest(s, depth)));
  const choice = schema.anyOf ?? schema.oneOf;
  if (choice && !schema.properties) return plainest(choice.find(s => !s.nullable) ?? choice[0], depth + 1);
  switch (schema.type) {
    case 'array': return [];
    case 'boolean': return false;
    case 'integer': case 'number': return 0;
    case 'string':
      return schema.format === 'date-time' ? '2026-01-01T00:00:00Z' : schema.format?.startsWith('uri') ? 'https://forge.test/'
        : schema.pattern ? '0' : 'x'.repeat(schema.minLength ?? 0);
    default:
      return Object.fromEntries((schema.required ?? []).map(name => [name, plainest(schema.properties?.[name] ?? {}, depth + 1)]));
  }
}

const names = ['simple-user', 'public-user', 'issue-comment', 'commit-comment', 'pull-request', 'pull-request-simple', 'pull-request-review',
  'check-run', 'status', 'combined-commit-status', 'full-repository', 'git-ref', 'git-commit', 'git-tree', 'short-blob', 'pull-request-merge-result'];
const shapes = () => Object.fromEntries(names.map(name => [name, plainest(whole.components.schemas[name])]));
fs.writeFileSync(out, JSON.stringify(mode === 'trim' ? trim() : shapes(), null, mode === 'trim' ? 0 : 1));
