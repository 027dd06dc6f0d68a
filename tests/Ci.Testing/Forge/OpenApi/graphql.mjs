// Validates a query (the first argument) against GitHub's own GraphQL schema; says what is wrong and fails where something is.
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const modules = process.env.NODE_PATH.split(path.delimiter)[0];
const { validate } = await import(pathToFileURL(path.join(modules, '@octokit/graphql-schema/index.js')));
const problems = validate(process.argv[2]);
if (problems.length > 0) {
  console.error(problems.map(String).join('\n'));
  process.exit(1);
}
