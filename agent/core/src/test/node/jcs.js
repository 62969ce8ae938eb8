// Reads JSON documents, one a line, and prints the SHA-256 of each one's RFC 8785 form, as JavaScript itself writes texts and numbers.
// Numbers are doubles here: of integers that no double holds it prints the hash of others.
//
//     node agent/core/src/test/node/jcs.js < documents.jsonl
'use strict';

const crypto = require('crypto');
const readline = require('readline');

function canonical(value) {
  if (Array.isArray(value)) {
    return '[' + value.map(canonical).join(',') + ']';
  }
  if (value !== null && typeof value === 'object') {
    return '{' + Object.keys(value).sort().map((name) => JSON.stringify(name) + ':' + canonical(value[name])).join(',') + '}';
  }
  return JSON.stringify(value);
}

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const text = canonical(JSON.parse(line));
  console.log(crypto.createHash('sha256').update(text, 'utf8').digest('hex'));
});
