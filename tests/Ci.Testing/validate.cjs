// Usage: node validate.cjs SCHEMA DOCUMENT [OTHER-SCHEMA ...]. Prints one line a problem; exit 0 valid, 1 not valid, 2 failed.
const fs = require('fs');
try {
  const Ajv = require('ajv/dist/2020').default;
  const addFormats = require('ajv-formats').default;
  const [schema, document, ...others] = process.argv.slice(2).map(path => JSON.parse(fs.readFileSync(path, 'utf8')));
  const ajv = new Ajv({ allErrors: true, strict: false, schemas: others });
  addFormats(ajv);
  const validate = ajv.compile(schema);
  if (validate(document)) process.exit(0);
  for (const error of validate.errors) console.log(`${error.instancePath || '/'} ${error.message} ${JSON.stringify(error.params)}`);
  process.exitCode = 1;
} catch (error) {
  console.error(error.message);
  process.exit(2);
}
